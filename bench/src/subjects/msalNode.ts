import { ConfidentialClientApplication } from '@azure/msal-node'
import { msalCache } from './msalCache.ts'
import { clientId, entriesOf, type CreateSubject } from './subject.ts'

/** MSAL Node, filled from its own JSON. */
export const msalNode: CreateSubject = (shape, count) => {
  const entries = entriesOf(shape, count)
  const authority = (tenant: string): string => `https://login.microsoftonline.com/${tenant}`
  const app = new ConfidentialClientApplication({
    auth: { clientId, authority: authority(entries[0]!.tenant), clientSecret: 'secret' },
  })
  const requests = entries.map(({ tenant, scope }) => ({ scopes: [scope], authority: authority(tenant) }))
  return {
    fill: async (count) => app.getTokenCache().deserialize(msalCache(entriesOf(shape, count))),
    acquire: (index) => app.acquireTokenByClientCredential(requests[index]!),
    removeAll: async () => app.clearCache(),
  }
}
