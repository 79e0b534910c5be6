import {
  acquireTokenForClient,
  clientSecret,
  createConfidentialClient,
  memoryCache,
  removeTokensForClient,
  serializableCache,
  type CacheStore,
  type ConfidentialClient,
} from '@latchkey/core'
import { msalCache } from './msalCache.ts'
import { clientId, entriesOf, type CreateSubject, type Entry } from './subject.ts'

/** Latchkey's memory cache, filled by token requests. */
export const latchkeyMemory: CreateSubject = (shape, count) => {
  const { acquireFor, ...subject } = over(memoryCache(), entriesOf(shape, count))
  return {
    ...subject,
    async fill(count) {
      for (const entry of entriesOf(shape, count)) await acquireFor(entry)
    },
  }
}

/** Latchkey's serializable cache, filled from MSAL's JSON. */
export const latchkeySerializable: CreateSubject = (shape, count) => {
  const cache = serializableCache()
  return {
    ...over(cache, entriesOf(shape, count)),
    fill: async (count) => cache.deserialize(msalCache(entriesOf(shape, count))),
  }
}

/** One client per tenant, over one cache, as a service with many tenants keeps them. */
function over(cache: CacheStore, entries: readonly Entry[]) {
  const clientByTenant = new Map<string, ConfidentialClient>()
  for (const { tenant } of entries) {
    if (clientByTenant.has(tenant)) continue
    const authority = `https://login.microsoftonline.com/${tenant}`
    const client = createConfidentialClient({ clientId, authority, credential: clientSecret('secret'), cache })
    clientByTenant.set(tenant, client)
  }
  const clients = entries.map(({ tenant }) => clientByTenant.get(tenant)!)
  const requests = entries.map(({ scope }) => ({ scopes: [scope] }))
  return {
    acquire: (index: number) => acquireTokenForClient(clients[index]!, requests[index]!),
    acquireFor: ({ tenant, scope }: Entry) => acquireTokenForClient(clientByTenant.get(tenant)!, { scopes: [scope] }),
    removeAll: () => removeTokensForClient(clients[0]!),
  }
}
