import { ConfidentialClientApplication } from '@azure/msal-node'
import { msalCache } from './msalCache.ts'
import { clientId, type CreateSubject } from './subject.ts'

/** MSAL Node, filled from its own JSON. */
export const msalNode: CreateSubject = (entries) => {
  const authority = (tenant: string): string => `https://login.microsoftonline.com/${tenant}`
  const app = new ConfidentialClientApplication({
    auth: { clientId, authority: authority(entries[0]!.tenant), clientSecret: 'secret' },
  })
  const requests = entries.map(({ tenant, scope }) => ({ scopes: [scope], authority: authority(tenant) }))
  return {
    fill: async (count) => app.getTokenCache().deserialize(msalCache(entries.slice(0, count))),
    acquire: (index) => app.acquireTokenByClientCredential(requests[index]!),
    removeAll: async () => app.clearCache(),
  }
}
