import { memoryCache } from '@latchkey/core'
import { defined, environment, expect, isObject, isText } from '@latchkey/core/internal'
import { nodeHost } from './host/nodeHost.js'
import { readIdentity } from './ManagedIdentity.js'
import type { ManagedIdentityClient, ManagedIdentityClientOptions } from './ManagedIdentityClient.js'

/**
 * Makes a client for a program that runs on Azure. Where exactly, is found out when a token is needed.
 *
 * @param options Which identity, and what the client stands on.
 * @returns A frozen record for {@link acquireTokenForManagedIdentity}; keep it as long as the program runs.
 * @throws {TypeError} saying which option is wrong.
 */
export function createManagedIdentityClient(options: ManagedIdentityClientOptions): ManagedIdentityClient {
  expect(isObject(options), 'the options', 'an object')
  const { detectionTimeout = 1200 } = options
  const record = {
    cache: memoryCache(),
    httpCache: new Map<string, unknown>(),
    timeout: 30_000,
    maxRetries: 3,
    maxRetryDelay: 10_000,
    detectionTimeout,
    unavailableFor: detectionTimeout === Infinity ? 0 : 300,
    now: Date.now,
    env: environment(),
    clientCapabilities: [],
    arcUserAssigned: false,
    host: nodeHost(),
    ...(defined(options) as object as Partial<ManagedIdentityClient>),
    identity: readIdentity(options.identity),
  }
  const { cache, httpCache, host, now, env, clientCapabilities, arcUserAssigned, maxRetries } = record
  const { fetch = isText, logger = isText, waitUntil = isText } = options
  for (const name of ['timeout', 'maxRetryDelay', 'detectionTimeout', 'unavailableFor'] as const) {
    const value = record[name]
    const isPositive = typeof value === 'number' && (name === 'timeout' ? value > 0 : value >= 0)
    const most = name === 'detectionTimeout' || name === 'unavailableFor' ? Infinity : 2 ** 31 - 1
    expect(isPositive && value <= most, name, name === 'unavailableFor' ? 'seconds' : 'ms')
  }
  expect(Number.isInteger(maxRetries) && maxRetries >= 0, 'maxRetries', 'a whole number')
  const functions = { fetch, now, logger, waitUntil, 'cache.get': cache?.get, 'cache.update': cache?.update }
  const parts = { 'httpCache.get': httpCache?.get, 'host.exists': host?.exists, 'host.readFile': host?.readFile }
  for (const [name, value] of Object.entries({ ...functions, ...parts, 'host.getPinned': host?.getPinned }))
    expect(typeof value === 'function', name, 'a function')
  expect(typeof env === 'object' && env !== null, 'env', 'an object')
  const capabilities: unknown = clientCapabilities
  expect(Array.isArray(capabilities) && capabilities.every(isText), 'clientCapabilities', 'strings')
  expect(typeof arcUserAssigned === 'boolean', 'arcUserAssigned', 'true or false')
  return Object.freeze({ ...record, kind: 'managed-identity' })
}
