import { expect, isText } from '../arguments/expect.js'
import { AZURE_PUBLIC } from '../authority/clouds.js'
import { parseAuthority } from '../authority/parseAuthority.js'
import { memoryCache } from '../cache/memoryCache.js'
import { environment } from '../runtime/environment.js'
import type { ClientOptions, ClientRecord } from './client.js'

/**
 * Checks the options that both kinds of client share, and fills in the defaults.
 *
 * @param options The caller's options.
 * @returns The record, with the options of one kind only still unchecked in it.
 * @throws {TypeError} saying which option is wrong and what is expected.
 */
export function clientRecord<Options extends ClientOptions>(options: Options): ClientRecord & Omit<Options, keyof ClientOptions> {
  // An option given as undefined is one that was not given.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as Options
  const { authority, oidcAuthority, instanceDiscovery = true, validateAuthority = true, ...rest } = given
  expect(!authority || !oidcAuthority, 'oidcAuthority', 'no authority beside it')
  const record = {
    timeout: 30_000,
    maxRetries: 1,
    now: Date.now,
    env: environment(),
    cache: memoryCache(),
    httpCache: new Map<string, unknown>(),
    clientCapabilities: [],
    excludeScopes: [],
    ...rest,
    authority: parseAuthority(oidcAuthority ?? authority ?? `https://${AZURE_PUBLIC}/common`, Boolean(oidcAuthority)),
    instanceDiscovery: instanceDiscovery && validateAuthority,
  }
  const { clientId, cache, timeout, maxRetries, excludeScopes } = record
  expect(isText(clientId), 'clientId', 'a non-empty string')
  expect(typeof cache.get === 'function' && typeof cache.update === 'function', 'cache', 'a CacheStore')
  expect(timeout > 0 && timeout < 2 ** 31, 'timeout', 'milliseconds')
  expect(Number.isInteger(maxRetries) && maxRetries >= 0, 'maxRetries', '0, 1, 2 …')
  for (const name of ['fetch', 'now', 'logger', 'waitUntil'] as const) {
    expect(typeof (record[name] ?? expect) === 'function', name, 'a function')
  }
  for (const name of ['clientCapabilities', 'excludeScopes'] as const) {
    expect(Array.isArray(record[name]) && record[name].every(isText), name, 'an array of strings')
  }
  expect(!(excludeScopes as readonly string[]).includes('openid'), 'excludeScopes', 'no openid in it')
  return record as unknown as ClientRecord & Omit<Options, keyof ClientOptions>
}
