import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { cacheError, fileError, systemCode } from '../cacheError.js'
import { readTrusted } from '../file/readTrusted.js'
import { syncFolder } from '../file/syncFolder.js'
import type { Machine } from '../machine.js'
import { KEY_BYTES, parseKey, secretKey, type SecretKey } from './SecretKey.js'

/**
 * Reads a key from a file that only its owner can open.
 *
 * @param path The file.
 * @param mayMake Whether to make one with a new key.
 * @param machine This machine.
 * @returns The key.
 * @throws {AuthError} `missing_dependency` where there is none; `cache_locked` where it cannot be read or is not a key.
 */
export async function keyFile(path: string, mayMake: boolean, machine: Machine): Promise<SecretKey> {
  const { bytes } = await readTrusted(path, { anyFile: false, machine }).catch((error: unknown) => {
    throw cacheError('key_unreadable', `Cannot read the key of the cache. ${(error as Error).message}`, error)
  })
  if (bytes) {
    const key = parseKey(bytes)
    if (key) return secretKey(key)
    const message = `Cannot read the key of the cache: ${path} does not hold ${KEY_BYTES} bytes, as they are, as base64 or as hex`
    throw cacheError('key_unreadable', message)
  }
  if (mayMake) {
    await makeKeyFile(path)
    return keyFile(path, false, machine)
  }
  const message = `Cannot read the key of the cache: there is no ${path}; bring it back, or remove the cache and let users sign in again`
  throw cacheError('key_missing', message)
}

/** Of several processes that do it at once, the first wins. */
async function makeKeyFile(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(aside, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw fileError('write', path, error)
  } finally {
    await rm(aside, { force: true }).catch(() => {})
  }
}
