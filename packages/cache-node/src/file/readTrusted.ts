import { closeSync, constants, fstatSync, lstatSync, openSync, read, statSync } from 'node:fs'
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
    if (process.platform === 'win32' && !trust.anyFile) checkTrust(path, lstatSync(path, { bigint: true }), trust)
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    // Not waiting: what is in the place of the file may be a pipe. Windows has neither flag, and undefined sets no bit.
    const file = openSync(path, O_RDONLY | O_NONBLOCK | (trust.anyFile ? 0 : O_NOFOLLOW))
    try {
      const before = fstatSync(file, { bigint: true })
      checkTrust(path, before, trust)
      const bytes = await readAll(file, Number(before.size))
      const stamp = fileStamp(fstatSync(file, { bigint: true }), trust.machine.now())
      return { bytes, stamp, torn: stamp.id !== fileStamp(before, 0).id || bytes.length !== Number(before.size) }
    } finally {
      closeSync(file)
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

/** As far as the size: what is more came while it was read. */
async function readAll(file: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  let done = 0
  for (let count = -1; done < size && count !== 0; done += count)
    count = await new Promise<number>((resolve, reject) => {
      read(file, bytes, done, size - done, done, (error, count) => (error ? reject(error) : resolve(count)))
    })
  return bytes.subarray(0, done)
}
