import type { Account } from '../Account.js'
import { cacheFirst, type CacheFirstOptions } from '../acquire/cacheFirst.js'
import { redeemRefreshToken } from '../acquire/redeemRefreshToken.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import { findAccessToken } from '../cache/findAccessToken.js'
import { findIdToken } from '../cache/findIdToken.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { cancelled } from '../http/abortable.js'
import { shareCall } from '../http/shareCall.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { jwtClaims } from '../oauth/jwtClaims.js'
import { checkScopes, joinScopes } from '../oauth/scopes.js'

/** What {@link acquireTokenSilent} takes. */
export interface AcquireTokenSilentOptions extends CacheFirstOptions {
  /** The scopes of one resource. */
  readonly scopes: readonly string[]
  /** The user, as `getAccounts` or a result gave it; without one there is no token. */
  readonly account: Account | undefined
  /** A claims challenge from the resource; access tokens in the cache are passed by. */
  readonly claims?: string | undefined
  /** Whether to pass by access tokens in the cache. Default `false`. */
  readonly forceRefresh?: boolean | undefined
}

/**
 * Gets a user's token without showing anything: from the cache, else with a refresh token in it, the app's own or its family's.
 *
 * Equal calls on their way share one request. A token that is due for refresh is returned at once while one refresh runs; where that
 * fails, it stays good until it ends.
 *
 * @param client Either kind of client.
 * @param options Whose token, and for what.
 * @returns A token that is good for at least 300 s.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `no_token` where the cache has nothing to try; the server's refusal (`invalid_grant`, `interaction_required`,
 * `consent_required`) with its `classification` and `claims`; for all of these `needsInteraction` is true. `throttled`, `network_error`,
 * `timeout`, `invalid_response`, `id_token_invalid`, `invalid_authority`, `user_cancelled` as for every operation.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749, section 6}
 */
export async function acquireTokenSilent(
  client: Client,
  options: AcquireTokenSilentOptions,
): Promise<AuthenticationResult> {
  expectClient(client)
  const scopes = checkScopes(options?.scopes)
  const { account, claims, forceRefresh, scheme, signal } = options
  if (account === undefined || account === null)
    throw new AuthError('no_token', 'Cannot find a token: no account was given')
  const { homeAccountId } = account
  expect(isText(homeAccountId) && isText(account.environment), 'account', 'an account, as getAccounts gives it')
  if (signal?.aborted) throw cancelled(signal)

  const { broker, cache, authority, clientId } = client
  // A broker that signs the request itself needs no key of ours, and what it signs is in no cache.
  const signed = scheme?.request && (await broker?.acquireTokenSilent(client, options))
  if (signed) return signed
  const state = stateOf(client)
  const endpoints = await endpointsOf(client, state, signal)
  const { tenant } = endpoints
  const user = { home_account_id: homeAccountId, environment: authority.host, client_id: clientId, realm: tenant }
  const owner = { ...user, ...(await scheme?.binding()) }
  const request = (reason: CacheRefreshReason, signal?: AbortSignal): Promise<AuthenticationResult> => {
    const { correlationId = crypto.randomUUID() } = options
    const key = JSON.stringify([84, owner, joinScopes(scopes), claims, forceRefresh, scheme?.request])
    return shareCall(
      state.calls,
      key,
      async (signal) => {
        const asked = { account, scopes, claims, forceRefresh, scheme, correlationId, signal }
        const refresh = { ...asked, owner, partition: homeAccountId, api: 84, reason }
        return (
          (!scheme?.request && (await broker?.acquireTokenSilent(client, asked))) ||
          redeemRefreshToken(client, state, endpoints, refresh)
        )
      },
      signal,
    )
  }
  if (claims || forceRefresh) return request(1, signal)

  const document = await cache.get(homeAccountId)
  const lookup = (realm: string) => findAccessToken(document, tokenGroup({ ...owner, realm }), scopes, client)
  let found = lookup(tenant)
  // MSAL Node and .NET keep what they got from `common` and its like under the user's own tenant.
  if (!found.token && /^(common|organizations|consumers)$/.test(tenant)) {
    const atHome = lookup(homeAccountId.split('.')[1] ?? '')
    if (atHome.token) found = atHome
  }
  const result = await cacheFirst(client, state, found, request, options)
  if (result.source !== 'cache') return result
  const realm = found.token?.entity['realm']
  const idToken = findIdToken(document, { ...owner, realm: String(realm) })
  return { ...result, account, ...(idToken && { idToken, idTokenClaims: jwtClaims(idToken) }) }
}
