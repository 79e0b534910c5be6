import { constants, lstatSync, statSync } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { cacheError, fileError, systemCode } from '../cacheError.js'
import { ABSENT, fileStamp, type FileStamp } from './fileStamp.js'
import { checkTrust, type Trust } from './trust.js'

/** The bytes of a file, and what it looked like. */
export interface FileContent {
  readonly bytes: Buffer | undefined
  readonly stamp: FileStamp
  /** Whether the file changed while it was read. */
  readonly torn: boolean
}

/**
 * Looks whether a file changed: a few microseconds, so it is done in line.
 *
 * @param path The file.
 * @param trust Which files are used.
 * @returns Its stamp.
 * @throws {AuthError} `cache_corrupt` where it may not be used; `cache_locked` where it cannot be looked at.
 */
export function stampOf(path: string, trust: Trust): FileStamp {
  try {
    const options = { bigint: true, throwIfNoEntry: false } as const
    const stats = trust.anyFile ? statSync(path, options) : lstatSync(path, options)
    if (!stats) return ABSENT
    checkTrust(path, stats, trust)
    return fileStamp(stats, trust.machine.now())
  } catch (error) {
    throw fileError('read', path, error)
  }
}

/**
 * Reads a file that nobody else can have put there.
 *
 * @param path The file.
 * @param trust Which files are used.
 * @returns Its content; no bytes where there is no file.
 * @throws {AuthError} `cache_corrupt` where it may not be used; `cache_locked` where it cannot be read.
 */
export async function readTrusted(path: string, trust: Trust): Promise<FileContent> {
  try {
    if (process.platform === 'win32' && !trust.anyFile) checkTrust(path, await lstat(path, { bigint: true }), trust)
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    // Not waiting: what is in the place of the file may be a pipe. Windows has neither flag, and undefined sets no bit.
    const handle = await open(path, O_RDONLY | O_NONBLOCK | (trust.anyFile ? 0 : O_NOFOLLOW))
    try {
      const before = await handle.stat({ bigint: true })
      checkTrust(path, before, trust)
      const bytes = await handle.readFile()
      const stamp = fileStamp(await handle.stat({ bigint: true }), trust.machine.now())
      return { bytes, stamp, torn: stamp.id !== fileStamp(before, 0).id }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { bytes: undefined, stamp: ABSENT, torn: false }
    if (systemCode(error) === 'ELOOP' && !trust.anyFile) {
      const message = `Cannot use ${path}: it is a symbolic link; remove it, or pass allowUntrustedFile if that is meant to be`
      throw cacheError('untrusted_file', message, error)
    }
    throw fileError('read', path, error)
  }
}
