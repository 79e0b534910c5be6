import { createConfidentialClient, type CacheStore, type ConfidentialClient, type HttpCache } from '@latchkey/core'
import { createCredential } from './createCredential.js'
import type { Settings } from './Settings.js'

/** What outlives one client: its caches, and how it reaches the world. */
export interface Surroundings {
  readonly cache: CacheStore
  readonly httpCache: HttpCache
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
}

/**
 * Makes the client that settings describe.
 *
 * @param settings The settings.
 * @param surroundings Its caches, fetch and clock.
 * @returns The client.
 * @throws {TypeError} as Latchkey does, for settings that are wrong.
 */
export async function createClient(settings: Settings, surroundings: Surroundings): Promise<ConfidentialClient> {
  const { authority, clientId, timeout, maxRetries, capabilities, region } = settings
  return createConfidentialClient({
    ...surroundings,
    authority,
    clientId,
    credential: await createCredential(settings.credential),
    timeout,
    maxRetries,
    clientCapabilities: capabilities,
    azureRegion: region === 'auto' || (region === '' ? false : region),
    appName: 'playground',
  })
}
