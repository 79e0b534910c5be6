import type { CacheStore } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'
import { createHash } from 'node:crypto'
import { thisMachine, type Machine } from './machine.js'
import type { MsalFileCacheOptions } from './msalFileCache.js'
import { vaultStore } from './store/vaultStore.js'
import { secretServiceItem } from './vault/secretService.js'

/** What {@link msalSecretServiceCache} takes; `path` is the file whose time says when the item changed. */
export interface MsalSecretServiceCacheOptions extends MsalFileCacheOptions {
  /** The item's schema. Default the SHA-256 of `path`, exactly as given, in hex, as in MSAL Python; `org.freedesktop.Secret.Generic` in MSAL Node. */
  readonly schema?: string | undefined
  /** The item's attributes. Default none, as in MSAL Python; `service` and `account` in MSAL Node. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
  /** What a person sees in the keyring. Default nothing, as in MSAL Python. */
  readonly label?: string | undefined
  /** The collection, by its name or path. Default the user's default collection. */
  readonly collection?: string | undefined
}

/**
 * Shares an item of the Linux Secret Service (GNOME Keyring, KWallet) with MSAL Python, MSAL .NET and MSAL Node, as their extensions
 * write it: MSAL's JSON in an item that is found by schema and attributes. Needs koffi and libsecret.
 *
 * @param options Which item, and where its signal file is.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `missing_dependency` where koffi or
 * libsecret is not installed, `cache_locked` where the keyring is locked or not there, `cache_corrupt`.
 */
export function msalSecretServiceCache(options: MsalSecretServiceCacheOptions): CacheStore {
  return msalSecretServiceCacheOn(thisMachine(), options)
}

/**
 * The same, on a given machine.
 *
 * @param given The machine.
 * @param options Which item, and where its signal file is.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function msalSecretServiceCacheOn(given: Machine, options: MsalSecretServiceCacheOptions): CacheStore {
  const { schema, attributes = {}, label = '', collection } = options
  expect(schema === undefined || isText(schema), 'schema', 'a text')
  expect(typeof attributes === 'object' && attributes !== null, 'attributes', 'an object of texts')
  expect(
    [label, ...Object.values(attributes)].every((value) => typeof value === 'string'),
    'label and attributes',
    'texts',
  )
  expect(collection === undefined || isText(collection), 'collection', 'a text')
  return vaultStore(given, options, {
    protection: 'secret-service',
    item: (machine, path, suffix) =>
      secretServiceItem(machine, { schema: (schema ?? sha256(path)) + suffix, attributes, label, collection }),
  })
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
