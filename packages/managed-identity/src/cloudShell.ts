import type { Broker, Client, PublicClient } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { acquireTokenInCloudShell } from './acquireTokenInCloudShell.js'
import { isCloudShell } from './isCloudShell.js'

/**
 * Signs in the user of Azure Cloud Shell: in there `acquireTokenInteractive` with `prompt: 'none'` shows nothing and asks the shell, and
 * `acquireTokenSilent` asks it again for that account. Elsewhere, and with other prompts, the sign-in goes on without it.
 *
 * @returns A broker for `createPublicClient`.
 * @see {@link https://learn.microsoft.com/azure/cloud-shell/msi-authorization Acquiring a user token in Azure Cloud Shell}
 */
export function cloudShell(): Broker<Client> {
  return {
    name: 'Azure Cloud Shell',
    // It signs no requests, which is what is asked here.
    isAvailable: () => false,
    async acquireTokenInteractive(client, { prompt, scopes = [], scheme, correlationId, signal }) {
      if (!isCloudShell(client.env) || [prompt ?? []].flat().join() !== 'none') return undefined
      expect(!scheme, 'scheme', 'none: Azure Cloud Shell binds no tokens')
      return acquireTokenInCloudShell(client as PublicClient, { scopes, correlationId, signal })
    },
    async acquireTokenSilent(client, { account, scopes = [], scheme, correlationId, signal }) {
      if (account?.authorityType !== 'CLOUDSHELL' || !isCloudShell(client.env)) return undefined
      expect(!scheme, 'scheme', 'none: Azure Cloud Shell binds no tokens')
      // Core has looked into the cache, unless it was not to.
      return acquireTokenInCloudShell(client as PublicClient, { scopes, forceRefresh: true, correlationId, signal })
    },
    async removeAccount() {
      // The shell keeps nothing of ours.
    },
  }
}
