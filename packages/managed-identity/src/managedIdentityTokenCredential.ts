import type { TokenCredential } from '@latchkey/core'
import { expect, tokenCredential } from '@latchkey/core/internal'
import { acquireTokenForManagedIdentity } from './acquireTokenForManagedIdentity.js'
import type { ManagedIdentityClient } from './ManagedIdentityClient.js'

/**
 * Lets the Azure SDKs use a managed identity.
 *
 * @param client A client made by {@link createManagedIdentityClient}.
 * @returns What an Azure SDK takes as its credential; it rejects as {@link acquireTokenForManagedIdentity} does.
 * @throws {TypeError} when the client is none.
 */
export function managedIdentityTokenCredential(client: ManagedIdentityClient): TokenCredential {
  expect(client?.kind === 'managed-identity', 'the client', 'one made by createManagedIdentityClient')
  return tokenCredential(({ scopes, ...options }) => {
    expect(scopes.length === 1, 'scopes', 'those of one resource')
    return acquireTokenForManagedIdentity(client, { ...options, resource: scopes[0]!.replace(/\/\.default$/, '') })
  })
}
