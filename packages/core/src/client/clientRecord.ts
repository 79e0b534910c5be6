import { expect, isText } from '../arguments/expect.js'
import { AZURE_PUBLIC } from '../authority/clouds.js'
import { parseAuthority } from '../authority/parseAuthority.js'
import { memoryCache } from '../cache/memoryCache.js'
import { defined } from '../json/defined.js'
import { environment } from '../runtime/environment.js'
import type { ClientOptions, ClientRecord } from './client.js'

/**
 * Checks the options that both kinds of client share, and fills in the defaults.
 *
 * @param options The caller's options.
 * @returns The record, with the options of one kind only still unchecked in it.
 * @throws {TypeError} saying which option is wrong and what is expected.
 */
export function clientRecord<Options extends ClientOptions>(
  options: Options,
): ClientRecord & Omit<Options, keyof ClientOptions> {
  const { authority, oidcAuthority, instanceDiscovery = true, validateAuthority = true, ...rest } = defined(options)
  expect(!authority || !oidcAuthority, 'oidcAuthority', 'no authority')
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
  const {
    clientId,
    cache,
    timeout,
    maxRetries,
    clientCapabilities,
    excludeScopes,
    fetch = isText,
    now,
    logger = isText,
    waitUntil = isText,
  } = record
  expect(isText(clientId), 'clientId', 'a non-empty string')
  expect(timeout > 0 && timeout < 2 ** 31, 'timeout', 'ms')
  expect(Number.isInteger(maxRetries) && maxRetries >= 0, 'maxRetries', 'a whole number')
  const functions = { fetch, now, logger, waitUntil, 'cache.get': cache?.get, 'cache.update': cache?.update }
  for (const [name, value] of Object.entries(functions)) expect(typeof value === 'function', name, 'a function')
  for (const [name, value] of Object.entries({ clientCapabilities, excludeScopes })) {
    expect(Array.isArray(value) && value.every(isText) && !value.includes('openid'), name, 'strings, not openid')
  }
  return record as unknown as ClientRecord & Omit<Options, keyof ClientOptions>
}
