import type { Account } from '../Account.js'
import { acquireUserToken } from '../acquire/acquireUserToken.js'
import { cacheFirst, type CacheFirstOptions } from '../acquire/cacheFirst.js'
import { redeemRefreshToken } from '../acquire/redeemRefreshToken.js'
import { expect, isText } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import { findAccessToken } from '../cache/findAccessToken.js'
import { readAccount } from '../cache/readAccount.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import type { ConfidentialClient } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { cancelled } from '../http/abortable.js'
import { sha256 } from '../http/sha256.js'
import { shareCall } from '../http/shareCall.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { isAuthError } from '../isAuthError.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { checkScopes, decorateScopes, joinScopes } from '../oauth/scopes.js'
import type { CacheDocument } from '../ports/cacheStore.js'

/** What {@link acquireTokenOnBehalfOf} takes. */
export interface AcquireTokenOnBehalfOfOptions extends CacheFirstOptions {
  /** The access token that the caller of your API sent, which you have validated. */
  readonly userAssertion: string
  /** The scopes of the API behind yours. */
  readonly scopes: readonly string[]
  /** A claims challenge from the API behind; access tokens in the cache are passed by. */
  readonly claims?: string | undefined
  /** Whether to go on with the refresh token once the assertion is over: for work that outlives the request. Default `false`. */
  readonly longRunning?: boolean | undefined
}

/**
 * Gets a token for another API on behalf of the user who called yours.
 *
 * The cache comes first: tokens are kept under the assertion's hash, and never given to another one. Equal calls on their way share
 * one request.
 *
 * @param client A client made by `createConfidentialClient`.
 * @param options The user's token, and what for.
 * @returns A token that is good for at least 300 s.
 * @throws {TypeError} when an argument is wrong, or the client is public.
 * @throws {AuthError} `interaction_required` with the `claims` to hand back to the caller of your API; `consent_required`;
 * `invalid_grant`; what every operation over the network throws.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow Entra's on-behalf-of flow}
 */
export async function acquireTokenOnBehalfOf(
  client: ConfidentialClient,
  options: AcquireTokenOnBehalfOfOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'confidential', 'the client', 'a confidential client')
  const { userAssertion, claims, longRunning, scheme, signal } = options ?? {}
  expect(isText(userAssertion), 'userAssertion', 'a non-empty string')
  const scopes = checkScopes(options.scopes)
  if (signal?.aborted) throw cancelled(signal)
  const { authority, clientId, cache, clientCapabilities, excludeScopes } = client
  const state = stateOf(client)
  const endpoints = await endpointsOf(client, state, signal)
  const assertionHash = (await sha256(userAssertion)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const owner = {
    environment: authority.host,
    client_id: clientId,
    realm: endpoints.tenant,
    userAssertionHash: assertionHash,
    ...(await scheme?.binding()),
  }
  const decorated = decorateScopes(scopes, excludeScopes)

  const redeem = (reason: CacheRefreshReason, correlationId: string, signal: AbortSignal) =>
    acquireUserToken(client, state, endpoints, {
      grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      parameters: {
        assertion: userAssertion,
        requested_token_use: 'on_behalf_of',
        scope: joinScopes(decorated),
        ...claimsParameter(clientCapabilities, claims),
      },
      scopes: decorated,
      assertionHash,
      correlationId,
      api: 523,
      reason,
      scheme,
      signal,
    }).catch(async (error: unknown) => {
      const document = longRunning && isAssertionOver(error) ? await cache.get(assertionHash) : undefined
      const token = Object.values(document?.RefreshToken ?? {}).find(
        (one) => one['userAssertionHash'] === assertionHash,
      )
      const account = accountOf(document, token?.['home_account_id'])
      if (!account) throw error
      const { homeAccountId } = account
      const user = { ...owner, home_account_id: homeAccountId }
      const refresh = {
        account,
        owner: user,
        partition: assertionHash,
        scopes,
        claims,
        correlationId,
        api: 523,
        reason,
        scheme,
      }
      return redeemRefreshToken(client, state, endpoints, { ...refresh, assertionHash, signal })
    })
  const request = (reason: CacheRefreshReason, signal?: AbortSignal): Promise<AuthenticationResult> => {
    const { correlationId = crypto.randomUUID() } = options
    const key = JSON.stringify([523, owner, joinScopes(scopes), claims, longRunning])
    return shareCall(state.calls, key, (signal) => redeem(reason, correlationId, signal), signal)
  }
  if (claims) return request(0, signal)
  const document = await cache.get(assertionHash)
  const found = findAccessToken(document, tokenGroup(owner), scopes, client)
  const result = await cacheFirst(client, state, found, (_reason, signal) => request(0, signal), options)
  if (result.source !== 'cache') return result
  return { ...result, account: accountOf(document, found.token?.entity['home_account_id']) }
}

function accountOf(document: CacheDocument | undefined, homeAccountId: unknown): Account | undefined {
  const accounts = Object.values(document?.Account ?? {}).map((entity) => readAccount(entity))
  return accounts.find((account) => account?.homeAccountId === homeAccountId)
}

/** AADSTS500133: the assertion is not within its time; 50013 says so of some. */
function isAssertionOver(error: unknown): boolean {
  return isAuthError(error) && Boolean(error.errorCodes?.some((number) => number === 500133 || number === 50013))
}
