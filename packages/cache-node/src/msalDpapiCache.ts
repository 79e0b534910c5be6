import type { CacheStore } from '@latchkey/core'
import { thisMachine, type Machine } from './machine.js'
import { msalFileCacheOn, type MsalFileCacheOptions } from './msalFileCache.js'
import { Damaged, type Codec } from './store/Codec.js'
import { parseCache } from './store/parseCache.js'
import { dpapi } from './vault/dpapi.js'

/**
 * Shares a file with MSAL Python, MSAL .NET and MSAL Node on Windows, as their extensions write it there: MSAL's JSON, encrypted by
 * DPAPI for the current user, without entropy. Needs koffi.
 *
 * @param options Where.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `missing_dependency` where koffi is not
 * installed or this is not Windows, `cache_corrupt`, `cache_locked`.
 */
export function msalDpapiCache(options: MsalFileCacheOptions): CacheStore {
  return msalDpapiCacheOn(thisMachine(), options)
}

/**
 * The same, on a given machine.
 *
 * @param given The machine.
 * @param options Where.
 * @returns The store.
 * @throws {TypeError} where an option is wrong.
 */
export function msalDpapiCacheOn(given: Machine, options: MsalFileCacheOptions): CacheStore {
  return msalFileCacheOn(given, options, 'dpapi', (_path, machine) => dpapiCodec(machine))
}

function dpapiCodec(machine: Machine): Codec {
  const { protect, unprotect } = dpapi(machine)
  return {
    async decode(bytes) {
      if (bytes.length === 0) return undefined
      const plain = await unprotect(bytes)
      if (!plain) throw new Damaged('was not encrypted by DPAPI for this user, or is damaged')
      return parseCache(plain)
    },
    encode: async (document) => [await protect(Buffer.from(JSON.stringify(document ?? {})))],
  }
}
