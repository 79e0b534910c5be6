import type { Account } from '../Account.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Endpoints } from '../authority/endpoints.js'
import { familiesOf } from '../cache/familiesOf.js'
import { refreshTokens, type RefreshToken } from '../cache/refreshTokens.js'
import { tokenGroup, type TokenOwner } from '../cache/tokenGroup.js'
import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { routingHeader } from '../oauth/homeAccountId.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'
import { isAuthError } from '../isAuthError.js'
import type { BindingOptions } from './CallOptions.js'
import { acquireUserToken } from './acquireUserToken.js'

/** A refresh of what the cache has. */
export interface Refresh extends BindingOptions {
  readonly account: Account
  /** The user in this client and tenant. */
  readonly owner: TokenOwner & { readonly home_account_id: string }
  /** Where the tokens are kept. */
  readonly partition: string
  readonly scopes: readonly string[]
  readonly claims?: string | undefined
  readonly correlationId: string
  readonly api: number
  readonly reason: CacheRefreshReason
  readonly signal: AbortSignal
  /** The hash of the assertion that the tokens belong to. */
  readonly assertionHash?: string | undefined
}

/**
 * Gets a new access token with the refresh tokens that the cache has: the family's first where the app is in one, then the app's own,
 * the newest first.
 *
 * An app that never got a token tries those of any family; it may turn out not to be in it.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints.
 * @param refresh Whose token.
 * @returns The result.
 * @throws {AuthError} `no_token` where there is nothing to try; the last refusal, with its `classification`; what the network gives.
 */
export async function redeemRefreshToken(
  client: Client,
  state: ClientState,
  endpoints: Endpoints,
  refresh: Refresh,
): Promise<AuthenticationResult> {
  const { clientId, cache, clientCapabilities, excludeScopes } = client
  const { owner, account, partition, claims, assertionHash } = refresh
  const { home_account_id: homeAccountId, environment } = owner
  const metadata = await cache.get(tokenGroup({ client_id: clientId, environment }))
  const families = familiesOf(metadata, clientId, environment)
  const document = await cache.get(partition)
  const find = (fits: Parameters<typeof refreshTokens>[2]): RefreshToken[] =>
    refreshTokens(document, { home_account_id: homeAccountId, environment, userAssertionHash: assertionHash }, fits)
  const own = find((entity) => entity['client_id'] === clientId)
  const ofFamily = find((entity) => (families ?? new Set(['1'])).has(entity['family_id']))
  const rest = own.filter((token) => !ofFamily.some(({ key }) => key === token.key))
  const scopes = decorateScopes(refresh.scopes, excludeScopes)

  let refusal: AuthError | undefined
  for (const [tokens, isGuess] of [
    [ofFamily, families === undefined],
    [rest, false],
  ] as const) {
    for (const { key, secret, environment } of tokens) {
      try {
        return await acquireUserToken(client, state, endpoints, {
          ...refresh,
          grantType: 'refresh_token',
          parameters: {
            refresh_token: secret,
            scope: joinScopes(scopes),
            ...claimsParameter(clientCapabilities, claims),
          },
          headers: routingHeader(homeAccountId),
          scopes,
          redeemed: key,
          user: { homeAccountId, environment, account },
        })
      } catch (error) {
        // Only the server's word on this one token leaves another one to try.
        if (!isAuthError(error) || !error.error || error.status === 429 || (error.status ?? 0) > 499) throw error
        if (!isGuess) refusal = classified(error)
        else if (error.suberror === 'client_mismatch') break
      }
    }
  }
  throw refusal ?? new AuthError('no_token', 'Cannot find a token for this account: nothing in the cache')
}

/** Says of a refusal how a person can help, as MSAL does; reasons that are internal say nothing. */
function classified(error: AuthError): AuthError {
  const { suberror } = error
  const isInternal =
    /^(bad_token|token_expired|protection_policy_required|client_mismatch|device_authentication_failed)$/.test(
      suberror ?? '',
    )
  return suberror === undefined ? error : Object.assign(error, { classification: isInternal ? '' : suberror })
}
