import type { CacheStore } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'
import { createHash } from 'node:crypto'
import { thisMachine, type Machine } from './machine.js'
import type { MsalFileCacheOptions } from './msalFileCache.js'
import { vaultStore } from './store/vaultStore.js'
import { keychainItem } from './vault/keychain.js'

/** What {@link msalKeychainCache} takes; `path` is the file whose time says when the item changed. */
export interface MsalKeychainCacheOptions extends MsalFileCacheOptions {
  /** The item's service. Default `msal-extensions`, as in MSAL Python. */
  readonly service?: string | undefined
  /** The item's account. Default the SHA-256 of `path`, exactly as given, in hex, as in MSAL Python. */
  readonly account?: string | undefined
}

/**
 * Shares an item of the macOS Keychain with MSAL Python, MSAL .NET and MSAL Node, as their extensions write it: MSAL's JSON in a
 * generic password. Needs koffi.
 *
 * @param options Which item, and where its signal file is.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `missing_dependency` where koffi is not
 * installed or this is not macOS, `cache_corrupt`, `cache_locked`.
 */
export function msalKeychainCache(options: MsalKeychainCacheOptions): CacheStore {
  return msalKeychainCacheOn(thisMachine(), options)
}

/**
 * The same, on a given machine.
 *
 * @param given The machine.
 * @param options Which item, and where its signal file is.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function msalKeychainCacheOn(given: Machine, options: MsalKeychainCacheOptions): CacheStore {
  const { service = 'msal-extensions', account } = options
  expect(isText(service), 'service', 'a text')
  expect(account === undefined || isText(account), 'account', 'a text')
  return vaultStore(given, options, {
    protection: 'keychain',
    item: (machine, path, suffix) => keychainItem(machine, { service, account: (account ?? sha256(path)) + suffix }),
  })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
