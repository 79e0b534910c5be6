import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileError } from '../cacheError.js'
import { stampOf } from '../file/readTrusted.js'
import type { FileStamp } from '../file/fileStamp.js'
import type { Trust } from '../file/trust.js'
import type { VaultItem } from '../vault/VaultItem.js'
import type { Slot } from './Slot.js'

/** What such a slot stands on. */
export interface VaultSlotOptions {
  readonly item: VaultItem
  /** Makes the item that keeps a damaged content. */
  readonly aside: () => { item: VaultItem; name: string }
  /** The file whose time other programs look at. */
  readonly signal: string
  readonly trust: Trust
}

/**
 * Keeps a document in an item of a vault, beside a file that is touched with every change: a vault does not say when it changed.
 *
 * @param options What it stands on.
 * @returns The slot.
 */
export function vaultSlot({ item, aside, signal, trust: given }: VaultSlotOptions): Slot {
  const trust = { ...given, isPublic: true }
  const stamp = (): FileStamp => {
    const { id, settled } = stampOf(signal, trust)
    // Without the file nothing tells of a change.
    return { id, settled: settled && id !== 'absent' }
  }
  return {
    name: item.name,
    writtenInPlace: false,
    stamp,
    async read() {
      const before = stamp()
      const text = await item.read()
      return { bytes: text === undefined ? undefined : Buffer.from(text), stamp: before, torn: false }
    },
    async write(parts, lock) {
      lock.check()
      await item.write(Buffer.concat(parts).toString())
      await touch(signal, trust)
      return stamp()
    },
    async setAside(bytes) {
      const { item: copy, name } = aside()
      await copy.write(bytes.toString())
      await item.write('{}')
      return name
    },
  }
}

async function touch(path: string, { machine, anyFile }: Trust): Promise<void> {
  try {
    // Not through a link, unless that is meant to be; Windows has no such flag, and undefined sets no bit.
    const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants
    const handle = await open(path, O_WRONLY | O_CREAT | (anyFile ? 0 : O_NOFOLLOW), 0o600)
    try {
      // The system's time lags by some milliseconds; MSAL Python looks whether the time is after its last look.
      const time = (machine.now() + 1) / 1000
      await handle.utimes(time, time)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileError('write', path, error)
  }
}
