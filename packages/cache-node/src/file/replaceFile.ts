import { randomBytes } from 'node:crypto'
import { closeSync, fchmodSync, fstatSync, fsync, futimesSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { writeSync, writevSync, type BigIntStats } from 'node:fs'
import { fileError, systemCode } from '../cacheError.js'
import type { Lock } from '../lock/withLock.js'
import type { Machine } from '../machine.js'
import { fileStamp, type FileStamp } from './fileStamp.js'

/** How a file is replaced. */
export interface ReplaceOptions {
  readonly machine: Machine
  /** Checked last. */
  readonly lock?: Lock | undefined
  /** Permissions. Default 0600. */
  readonly mode?: number | undefined
}

/**
 * Replaces a file in one step: whoever reads it, and whatever happens to this process or the machine, finds the old content or the
 * new one.
 *
 * @param path The file.
 * @param parts The new content, one part after the other.
 * @param options How.
 * @returns The stamp of the new file.
 * @throws {AuthError} `cache_locked` where it cannot be written; the old file is then as it was.
 */
export async function replaceFile(
  path: string,
  parts: readonly Uint8Array[],
  { machine, lock, mode = 0o600 }: ReplaceOptions,
): Promise<FileStamp> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`
  try {
    const file = openSync(temporary, 'wx', 0o600)
    let stamp: FileStamp
    try {
      writeAll(file, parts)
      const time = timeAfter(path, machine)
      futimesSync(file, time / 1000, time / 1000)
      if (mode !== 0o600) fchmodSync(file, mode)
      await sync(file)
      stamp = ownStamp(fstatSync(file, { bigint: true }), time, machine)
    } finally {
      closeSync(file)
    }
    lock?.check()
    await renameOver(temporary, path, machine)
    return stamp
  } catch (error) {
    rmSync(temporary, { force: true })
    throw fileError('write', path, error)
  }
}

/**
 * Gives the time of a new content, in milliseconds: later than that of the old one, which nobody else replaces while the lock is
 * held. So no two contents look alike, and what was just written need not be read again to be sure.
 */
function timeAfter(path: string, machine: Machine): number {
  // The system's time of a write lags by some milliseconds. MSAL Python reads a file anew if its time is after the last look.
  const next = Math.floor(machine.now()) + 1
  const before = Math.round(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  // A clock that was wrong by more is not followed.
  const time = before >= next && before < next + 1000 ? before + 1 : next
  // Where a file system counts in hundredths of a second it shows that it does.
  return time % 10 === 0 ? time + 1 : time
}

function ownStamp(stats: BigIntStats, time: number, machine: Machine): FileStamp {
  const { id, settled } = fileStamp(stats, machine.now())
  const isKept = Math.abs(Number(stats.mtimeNs / 1000n) - time * 1000) < 100
  return { id, settled: settled || isKept }
}

/** On Windows a file that another process is reading cannot be replaced at that moment. */
async function renameOver(from: string, to: string, machine: Machine): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return renameSync(from, to)
    } catch (error) {
      const busy = machine.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error))
      if (!busy || attempt > 20) throw error
      await machine.sleep(attempt * 10)
    }
  }
}

function writeAll(file: number, parts: readonly Uint8Array[]): void {
  const size = parts.reduce((sum, { length }) => sum + length, 0)
  let done = writevSync(file, parts)
  if (done === size) return
  // The disk took a part only: the next call says why.
  const bytes = Buffer.concat(parts)
  while (done < size) done += writeSync(file, bytes, done)
}

function sync(file: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(file, (error) => (error ? reject(error) : resolve())))
}
