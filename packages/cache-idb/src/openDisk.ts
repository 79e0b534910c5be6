import type { UseStore } from 'idb-keyval'
import { degradation } from './cacheError.js'
import { encryptionKey } from './encryptionKey.js'
import type { CheckedOptions } from './IdbCacheOptions.js'
import { endSession, joinSession } from './joinSession.js'
import { openStore } from './openStore.js'
import type { Platform } from './platform.js'
import { withTimeout } from './withTimeout.js'

/** The database and its key. */
export interface Disk {
  readonly use: UseStore
  readonly subtle: SubtleCrypto
  readonly key: CryptoKey
  /** The key's name. */
  readonly keyId: string
}

/**
 * Opens the database, and finds or makes its key.
 *
 * @param platform The browser.
 * @param options Which database, and how long its records last.
 * @returns Both.
 * @throws {AuthError} `cache_locked` where tokens cannot be kept there.
 */
export async function openDisk(platform: Platform, options: CheckedOptions): Promise<Disk> {
  const { name, persistence, timeout } = options
  const { indexedDB, subtle } = platform
  if (!indexedDB) throw degradation('storage_blocked')
  if (!subtle) throw degradation('encryption_unavailable')
  try {
    const use = openStore(indexedDB, name, timeout)
    await withTimeout(timeout, persistence === 'session' ? joinSession(use, platform, name) : endSession(use))
    const { id, key } = await encryptionKey(use, subtle, options)
    return { use, subtle, key, keyId: id }
  } catch (error) {
    const { name } = Object(error) as { name?: unknown }
    if (name === 'QuotaExceededError') throw degradation('storage_full', error)
    throw degradation(name === 'DataCloneError' ? 'encryption_unavailable' : 'storage_blocked', error)
  }
}
