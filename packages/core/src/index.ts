export type { Account } from './Account.js'
export type { AuthCodeFlow } from './AuthCodeFlow.js'
export type { AuthenticationResult } from './AuthenticationResult.js'
export { AuthError, type AuthErrorCode, type AuthErrorDetails } from './AuthError.js'
export { AZURE_CHINA, AZURE_PUBLIC, AZURE_US_GOVERNMENT } from './authority/clouds.js'
export { entraAuthority } from './authority/entraAuthority.js'
export type { Authority } from './authority/parseAuthority.js'
export { memoryCache, type MemoryCacheOptions } from './cache/memoryCache.js'
export { serializableCache, type SerializableCache } from './cache/serializableCache.js'
export type {
  Client,
  ClientOptions,
  ClientRecord,
  ConfidentialClient,
  ConfidentialClientOptions,
  Logger,
  PublicClient,
  PublicClientOptions,
  WaitUntil,
} from './client/client.js'
export { createConfidentialClient } from './client/createConfidentialClient.js'
export { createPublicClient } from './client/createPublicClient.js'
export { clientAssertion, type ClientAssertionCallback } from './credentials/clientAssertion.js'
export { clientCertificate, type ClientCertificateOptions } from './credentials/clientCertificate.js'
export { clientSecret } from './credentials/clientSecret.js'
export { explain } from './explain.js'
export { acquireTokenForClient, type AcquireTokenForClientOptions } from './flows/acquireTokenForClient.js'
export { getAccounts, type GetAccountsOptions } from './flows/getAccounts.js'
export { removeAccount, type RemoveAccountOptions } from './flows/removeAccount.js'
export { removeTokensForClient } from './flows/removeTokensForClient.js'
export type { HttpRequest, HttpResponse } from './http/send.js'
export type { HttpCache } from './http/httpCache.js'
export { isAuthError } from './isAuthError.js'
export { needsInteraction } from './needsInteraction.js'
export type { Broker, BrokerRequest } from './ports/broker.js'
export type { CacheDocument, CacheEntity, CacheStore } from './ports/cacheStore.js'
export type { ClientCredential, ClientCredentialContext } from './ports/clientCredential.js'
export type { Federation, FederationRequest } from './ports/federation.js'
export type { Interaction } from './ports/interaction.js'
export type { TokenScheme } from './ports/tokenScheme.js'
