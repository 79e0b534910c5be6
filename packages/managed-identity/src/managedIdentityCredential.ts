import { expect, isText } from '@latchkey/core/internal'
import { acquireTokenForManagedIdentity } from './acquireTokenForManagedIdentity.js'
import { federatedCredential, type FederatedCredential } from './FederatedCredential.js'
import type { ManagedIdentityClient } from './ManagedIdentityClient.js'

/** What {@link managedIdentityCredential} takes. */
export interface ManagedIdentityCredentialOptions {
  /** The audience of the assertion: other clouds have their own, such as `api://AzureADTokenExchangeUSGov`. Default `api://AzureADTokenExchange`. */
  readonly resource?: string | undefined
}

/**
 * Proves an app's identity with a managed identity, so that the app needs no secret: the app's federated credentials in Entra name
 * the managed identity.
 *
 * @param client A client made by {@link createManagedIdentityClient}; its cache keeps the assertion while that is good.
 * @param options The audience.
 * @returns A credential for `createConfidentialClient`; token requests reject as {@link acquireTokenForManagedIdentity} does.
 * @throws {TypeError} when an argument is wrong.
 * @see {@link https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity A managed identity as a federated credential}
 */
export function managedIdentityCredential(
  client: ManagedIdentityClient,
  options: ManagedIdentityCredentialOptions = {},
): FederatedCredential {
  const { resource = 'api://AzureADTokenExchange' } = options
  expect(client?.kind === 'managed-identity', 'the client', 'one made by createManagedIdentityClient')
  expect(isText(resource), 'resource', 'an audience, such as api://AzureADTokenExchange')
  return federatedCredential(async () => (await acquireTokenForManagedIdentity(client, { resource })).accessToken)
}
