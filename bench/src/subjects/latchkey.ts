import {
  acquireTokenForClient,
  clientSecret,
  createConfidentialClient,
  memoryCache,
  removeTokensForClient,
  serializableCache,
  type CacheStore,
} from '@latchkey/core'
import { msalCache } from './msalCache.ts'
import { clientId, type CreateSubject, type Entry, type Subject } from './subject.ts'

/** Latchkey's memory cache, filled by token requests. */
export const latchkeyMemory: CreateSubject = (entries) => {
  const subject = over(memoryCache(), entries)
  return {
    ...subject,
    async fill(count) {
      for (let index = 0; index < count; index++) await subject.acquire(index)
    },
  }
}

/** Latchkey's serializable cache, filled from MSAL's JSON. */
export const latchkeySerializable: CreateSubject = (entries) => {
  const cache = serializableCache()
  return {
    ...over(cache, entries),
    fill: async (count) => cache.deserialize(msalCache(entries.slice(0, count))),
  }
}

/** One client per tenant, over one cache, as a service with many tenants keeps them. */
function over(cache: CacheStore, entries: readonly Entry[]): Omit<Subject, 'fill'> {
  const tenants = [...new Set(entries.map(({ tenant }) => tenant))]
  const clientByTenant = new Map(
    tenants.map((tenant) => {
      const authority = `https://login.microsoftonline.com/${tenant}`
      return [tenant, createConfidentialClient({ clientId, authority, credential: clientSecret('secret'), cache })]
    }),
  )
  const clients = entries.map(({ tenant }) => clientByTenant.get(tenant)!)
  const requests = entries.map(({ scope }) => ({ scopes: [scope] }))
  return {
    acquire: (index) => acquireTokenForClient(clients[index]!, requests[index]!),
    removeAll: () => removeTokensForClient(clients[0]!),
  }
}
