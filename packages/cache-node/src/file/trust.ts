import type { BigIntStats } from 'node:fs'
import { cacheError } from '../cacheError.js'
import type { Machine } from '../machine.js'

/** Which files are used. */
export interface Trust {
  /** Also those that are links, other users', or readable by others. */
  readonly anyFile: boolean
  /** Whether there is no secret in it, so that others may open it. */
  readonly isPublic?: boolean
  readonly machine: Machine
}

/** The most bytes of a cache: far more than any cache has, and still one text. */
export const MAX_BYTES: number = 256 * 1024 * 1024

const untold = 'or pass allowUntrustedFile if that is meant to be'

/**
 * Refuses a file that somebody else may have put there or may read.
 *
 * @param path The file.
 * @param stats What the system says of it.
 * @param trust Which files are used.
 * @throws {AuthError} `cache_corrupt` with the reason.
 */
export function checkTrust(path: string, stats: BigIntStats, { anyFile, isPublic = false, machine }: Trust): void {
  const refuse = (reason: string): never => {
    throw cacheError('untrusted_file', `Cannot use ${path}: ${reason}`)
  }
  if (stats.isSymbolicLink() && !anyFile) refuse(`it is a symbolic link; remove it, ${untold}`)
  if (!stats.isFile() && !stats.isSymbolicLink()) refuse('it is not a file; choose another path')
  if (stats.size > MAX_BYTES)
    throw cacheError('too_large', `Cannot read ${path}: it is larger than ${MAX_BYTES} bytes; move it away`)
  if (anyFile || isPublic || machine.uid === undefined) return
  if (stats.uid !== BigInt(machine.uid)) refuse(`it belongs to another user; remove it, ${untold}`)
  if ((stats.mode & 0o077n) !== 0n) refuse(`other users may open it; if nobody did, run "chmod 600" on it, ${untold}`)
}
