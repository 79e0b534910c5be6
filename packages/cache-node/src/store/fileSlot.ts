import { randomBytes } from 'node:crypto'
import { renameSync, unlinkSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileError, systemCode } from '../cacheError.js'
import { replaceFile } from '../file/replaceFile.js'
import { syncFolderSoon } from '../file/syncFolder.js'
import { readTrusted, stampOf } from '../file/readTrusted.js'
import type { FileStamp } from '../file/fileStamp.js'
import type { Trust } from '../file/trust.js'
import type { Lock } from '../lock/withLock.js'
import type { Slot } from './Slot.js'

/** What kind of file it is. */
export interface FileSlotOptions {
  readonly trust: Trust
  /** Other MSALs write it, too; they like an empty cache better than none. */
  readonly shared: boolean
}

/**
 * Keeps a document in a file.
 *
 * @param path The file.
 * @param options What kind of file.
 * @returns The slot.
 */
export function fileSlot(path: string, { trust, shared }: FileSlotOptions): Slot {
  const { machine, anyFile } = trust

  async function replace(parts: readonly Uint8Array[], lock: Lock): Promise<FileStamp> {
    if (!anyFile) return replaceFile(path, parts, { machine, lock })
    // A link stays a link, and who could read the file still can.
    const target = await realpath(path).catch(() => path)
    const mode = await stat(target).then(
      (stats) => stats.mode & 0o777,
      () => 0o600,
    )
    return replaceFile(target, parts, { machine, lock, mode })
  }

  return {
    name: path,
    writtenInPlace: shared,
    stamp: () => stampOf(path, trust),
    read: () => readTrusted(path, trust),
    async write(parts, lock) {
      const stamp = await replace(parts, lock)
      syncFolderSoon(dirname(path))
      return stamp
    },
    ...(!shared && {
      async remove(lock) {
        try {
          lock.check()
          unlinkSync(path)
          syncFolderSoon(dirname(path))
        } catch (error) {
          if (systemCode(error) !== 'ENOENT') throw fileError('write', path, error)
        }
      },
    }),
    async setAside() {
      const aside = `${path}.damaged-${randomBytes(4).toString('hex')}`
      try {
        renameSync(path, aside)
        return aside
      } catch (error) {
        throw fileError('write', path, error)
      }
    },
  }
}
