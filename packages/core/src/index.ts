export type { Account } from './Account.js'
export type { AuthorizationOptions } from './acquire/authorizationRequest.js'
export type { AuthorizationResponse } from './acquire/authorizationResponse.js'
export type { CacheFirstOptions } from './acquire/cacheFirst.js'
export type { CallOptions } from './acquire/CallOptions.js'
export type { AuthCodeFlow } from './AuthCodeFlow.js'
export type { AuthenticationResult } from './AuthenticationResult.js'
export { AuthError, type AuthErrorCode, type AuthErrorDetails } from './AuthError.js'
export { authorizedFetch, type AcquireToken, type AuthorizedFetchOptions } from './authorizedFetch.js'
export { AZURE_CHINA, AZURE_PUBLIC, AZURE_US_GOVERNMENT } from './authority/clouds.js'
export { entraAuthority } from './authority/entraAuthority.js'
export type { Authority } from './authority/parseAuthority.js'
export { memoryCache, type MemoryCacheOptions } from './cache/memoryCache.js'
export { serializableCache, type SerializableCache } from './cache/serializableCache.js'
export type {
  Broker,
  Client,
  ClientOptions,
  ClientRecord,
  ConfidentialClient,
  ConfidentialClientOptions,
  IdTokenVerifier,
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
export type { DeviceFlow } from './DeviceFlow.js'
export { explain } from './explain.js'
export {
  acquireTokenByAuthCodeFlow,
  type AcquireTokenByAuthCodeFlowOptions,
} from './flows/acquireTokenByAuthCodeFlow.js'
export {
  acquireTokenByAuthorizationCode,
  type AcquireTokenByAuthorizationCodeOptions,
} from './flows/acquireTokenByAuthorizationCode.js'
export { acquireTokenByDeviceFlow, type AcquireTokenByDeviceFlowOptions } from './flows/acquireTokenByDeviceFlow.js'
export {
  acquireTokenByRefreshToken,
  type AcquireTokenByRefreshTokenOptions,
} from './flows/acquireTokenByRefreshToken.js'
export {
  acquireTokenByUsernamePassword,
  type AcquireTokenByUsernamePasswordOptions,
} from './flows/acquireTokenByUsernamePassword.js'
export { acquireTokenForClient, type AcquireTokenForClientOptions } from './flows/acquireTokenForClient.js'
export { acquireTokenInteractive, type AcquireTokenInteractiveOptions } from './flows/acquireTokenInteractive.js'
export { acquireTokenOnBehalfOf, type AcquireTokenOnBehalfOfOptions } from './flows/acquireTokenOnBehalfOf.js'
export { acquireTokenSilent, type AcquireTokenSilentOptions } from './flows/acquireTokenSilent.js'
export { getAccounts, type GetAccountsOptions } from './flows/getAccounts.js'
export {
  getAuthorizationRequestUrl,
  type GetAuthorizationRequestUrlOptions,
} from './flows/getAuthorizationRequestUrl.js'
export { initiateAuthCodeFlow, type InitiateAuthCodeFlowOptions } from './flows/initiateAuthCodeFlow.js'
export { initiateDeviceFlow, type InitiateDeviceFlowOptions } from './flows/initiateDeviceFlow.js'
export { isPopSupported } from './flows/isPopSupported.js'
export { removeAccount, type RemoveAccountOptions } from './flows/removeAccount.js'
export { removeTokensForClient } from './flows/removeTokensForClient.js'
export type { HttpRequest, HttpResponse } from './http/send.js'
export type { HttpCache } from './http/httpCache.js'
export { isAuthError } from './isAuthError.js'
export { needsInteraction } from './needsInteraction.js'
export type { BrokerInteractiveRequest, BrokerRequest, BrokerScheme, BrokerSilentRequest } from './ports/broker.js'
export type { CacheDocument, CacheEntity, CacheStore } from './ports/cacheStore.js'
export type { ClientCredential, ClientCredentialContext } from './ports/clientCredential.js'
export type { Federation, FederationRequest } from './ports/federation.js'
export type { Interaction } from './ports/interaction.js'
export { claimsChallenge } from './oauth/claimsChallenge.js'
export { parseWwwAuthenticate, type Challenge } from './oauth/parseWwwAuthenticate.js'
export { Prompt } from './Prompt.js'
export type { TokenScheme } from './ports/tokenScheme.js'
