import { get, type UseStore } from 'idb-keyval'
import { asideName } from './asideName.js'
import { corruption, degradation } from './cacheError.js'
import { change } from './change.js'
import type { CheckedOptions } from './IdbCacheOptions.js'
import { report } from './report.js'

/** What is kept of the key: the key itself, which the browser gives to nobody as bytes, and a name to compare by. */
export interface StoredKey {
  readonly id: string
  readonly key: CryptoKey
}

/** Where it is kept. */
export const KEY = 'key'

/**
 * Finds the database's key, or makes it; several tabs that start at once agree on one.
 *
 * @param use The database.
 * @param subtle The browser's.
 * @param options Who is told of a key that cannot be used, which is put aside.
 * @returns The key.
 * @throws {AuthError} `cache_locked` where the browser cannot make, keep or use one.
 */
export async function encryptionKey(
  use: UseStore,
  subtle: SubtleCrypto,
  { now, onCorrupt }: Pick<CheckedOptions, 'now' | 'onCorrupt'>,
): Promise<StoredKey> {
  const found = await get<unknown>(KEY, use)
  const known = await usable(subtle, found)
  if (known) return known
  const fresh: StoredKey = {
    id: crypto.getRandomValues(new Uint8Array(16)).join(),
    key: await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  }
  await change(use, [KEY], ([current], store) => {
    if (idOf(current) !== idOf(found)) return
    store.put(fresh, KEY)
    if (current !== undefined) store.put(current, asideName(now(), KEY))
  })
  const kept = await usable(subtle, await get(KEY, use))
  if (!kept) throw degradation('encryption_unavailable')
  if (found !== undefined && kept.id === fresh.id)
    report(onCorrupt, corruption('key_unusable', 'its key cannot be used, nor what was encrypted with it'))
  return kept
}

/**
 * Gives a key's name.
 *
 * @param stored What is in its place.
 * @returns The name; `undefined` where there is no key.
 */
export function idOf(stored: unknown): unknown {
  return (Object(stored) as Partial<StoredKey>).id
}

/** Some browsers give back a key that was stored as something else, or as a key that fails. */
async function usable(subtle: SubtleCrypto, stored: unknown): Promise<StoredKey | undefined> {
  const { id, key } = Object(stored) as Partial<StoredKey>
  if (typeof id !== 'string' || key?.extractable !== false) return undefined
  const algorithm = { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) }
  try {
    const data = await subtle.encrypt(algorithm, key, new Uint8Array(1))
    await subtle.decrypt(algorithm, key, data)
    return { id, key }
  } catch {
    return undefined
  }
}
