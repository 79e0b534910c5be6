import type { AuthError, CacheStore } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { fileError } from './cacheError.js'
import { fileCache, type FileCacheOptions } from './fileCache.js'
import type { ProtectionName } from './key/protectionName.js'
import { checkOf } from './store/describeStore.js'
import { tryVault, vaultName, type VaultName } from './vault/osVault.js'

/** What {@link verifyPersistence} found. */
export interface PersistenceReport {
  /** The protection that is active. */
  readonly protection: ProtectionName
  /** Where the cache is; of a cache in a vault, the file whose time says when it changed. */
  readonly path: string
  /** Whether tokens can be kept there, with that protection. */
  readonly works: boolean
  /** Why not, and what to do. */
  readonly error?: AuthError
  /** The operating system's vault on this machine, whether it is asked for or not. */
  readonly vault: VaultReport
}

/** Whether the operating system's vault can be used. */
export interface VaultReport {
  /** Which one it is. */
  readonly name: VaultName
  /** Whether it can be used. */
  readonly works: boolean
  /** Why not, and what to do. */
  readonly error?: AuthError
}

/**
 * Tries whether tokens can be kept, before somebody signs in for nothing; says which protection is active, and why the operating
 * system's vault is not.
 *
 * Writes and removes a file beside the cache and an item in the vault, which may ask the person to unlock it, and asks for the key as the first write would; reads the
 * cache and leaves it as it is.
 *
 * @param storeOrOptions A store of this package, or what `fileCache` would be given.
 * @returns What was found; a failure is in the report.
 * @throws {TypeError} where it is neither.
 */
export async function verifyPersistence(storeOrOptions: CacheStore | FileCacheOptions): Promise<PersistenceReport> {
  const isOptions = typeof storeOrOptions === 'object' && storeOrOptions !== null && 'protection' in storeOrOptions
  const check = checkOf(isOptions ? fileCache(storeOrOptions) : storeOrOptions)
  expect(check, 'the store', 'a cache of @latchkey/cache-node, or its options')
  const { protection, path, machine, run } = check
  const own = await attempt(run, path)
  const name = vaultName(machine.platform)
  const vault = await attempt(() => tryVault(machine), path)
  return { protection, path, ...own, vault: { name, ...vault } }
}

async function attempt(run: () => Promise<void>, path: string): Promise<{ works: boolean; error?: AuthError }> {
  try {
    await run()
    return { works: true }
  } catch (error) {
    return { works: false, error: fileError('write', path, error) }
  }
}
