import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import { regionalTokenEndpoint } from '../authority/regionalTokenEndpoint.js'
import { accessTokenEntity, accessTokenKey, readAccessToken, tokenResult } from '../cache/accessToken.js'
import { putAccessToken } from '../cache/accessTokenIndex.js'
import { findAccessToken } from '../cache/findAccessToken.js'
import { isPromise } from '../cache/isPromise.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import { writeAppMetadata } from '../cache/writeAppMetadata.js'
import type { ConfidentialClient, WaitUntil } from '../client/client.js'
import { stateOf, type AppTokens, type ClientState } from '../client/clientState.js'
import { shareCall } from '../http/shareCall.js'
import { abortable, cancelled } from '../http/abortable.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { requestToken } from '../token/requestToken.js'
import { checkScopes, joinScopes } from '../oauth/scopes.js'
import { isEdge } from '../runtime/environment.js'

/** What {@link acquireTokenForClient} takes. */
export interface AcquireTokenForClientOptions {
  /** The scopes of one resource, usually just its `/.default`. */
  readonly scopes: readonly string[]
  /** A claims challenge from the resource; the cache is passed by. */
  readonly claims?: string | undefined
  /** The id that ties this call to the server's logs. Default: a new UUID for each request, the client's own for a cache hit. */
  readonly correlationId?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** Takes a background refresh, so that an edge runtime keeps it alive. */
  readonly waitUntil?: WaitUntil | undefined
}

/**
 * Gets a token for the app itself, without a user: from the cache, else by the client credentials grant.
 *
 * Equal calls on their way share one request. A token that is due for refresh is returned at once while one refresh runs; where
 * the runtime would cut that refresh off (edge functions that give no `waitUntil`), the call waits for it.
 *
 * @param client A client made by {@link createConfidentialClient}.
 * @param options What the token is for.
 * @returns A token that is good for at least 300 s.
 * @throws {TypeError} when the client is public or the scopes are not an array of strings.
 * @throws {AuthError} `invalid_client`, `invalid_scope` … as the server refuses; `throttled`; `network_error`; `timeout`;
 * `invalid_response`; `invalid_authority`; `user_cancelled` when the signal was aborted.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749, section 4.4}
 */
export async function acquireTokenForClient(
  client: ConfidentialClient,
  options: AcquireTokenForClientOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'confidential', 'the client', 'a confidential client')
  const scopes = checkScopes(options?.scopes)
  const { claims, signal, correlationId } = options
  if (signal?.aborted) throw cancelled(signal)
  const state = stateOf(client)
  const app = state.app ?? (await appTokens(client, state, signal))
  const request = { scopes, claims, correlationId }
  if (claims) return fetchToken(client, state, app, request, 1, signal)

  const stored = client.cache.get(app.group)
  const document = isPromise(stored) ? await stored : stored
  const { reason, token } = findAccessToken(document, app.group, scopes, Math.floor(client.now() / 1000))
  if (!token) return fetchToken(client, state, app, request, reason, signal)
  const cached = tokenResult(token, 'cache', correlationId ?? state.correlationId)
  if (!reason) {
    state.telemetry.hits++
    return cached
  }
  const { waitUntil = client.waitUntil } = options
  const refresh = fetchToken(client, state, app, request, reason).catch((error: unknown) => {
    client.logger?.('warn', `Cannot refresh: ${error}`)
    return cached
  })
  if (!waitUntil && isEdge()) return abortable(refresh, signal)
  waitUntil?.(refresh)
  return cached
}

/** Where the app's own tokens are: the same for all calls of a client. */
async function appTokens(
  client: ConfidentialClient,
  state: ClientState,
  signal: AbortSignal | undefined,
): Promise<AppTokens> {
  const endpoints = await endpointsOf(client, state, signal)
  const owner = {
    home_account_id: null,
    environment: client.authority.host,
    client_id: client.clientId,
    realm: endpoints.tenant,
  }
  return (state.app = { endpoints, owner, group: tokenGroup(owner) })
}

interface AppTokenRequest {
  readonly scopes: readonly string[]
  readonly claims: string | undefined
  readonly correlationId: string | undefined
}

function fetchToken(
  client: ConfidentialClient,
  state: ClientState,
  { endpoints, owner, group }: AppTokens,
  { scopes, claims, correlationId = crypto.randomUUID() }: AppTokenRequest,
  reason: CacheRefreshReason,
  signal?: AbortSignal,
): Promise<AuthenticationResult> {
  const scope = joinScopes(scopes)
  return shareCall(state.calls, JSON.stringify([group, scope, claims]), request, signal)

  async function request(signal: AbortSignal): Promise<AuthenticationResult> {
    const { generation } = state
    const { cache, clientCapabilities, now } = client
    const response = await requestToken(client, state, endpoints, {
      grantType: 'client_credentials',
      parameters: { scope, ...claimsParameter(clientCapabilities, claims) },
      tokenEndpoint: await regionalTokenEndpoint(client, state, endpoints, signal),
      correlationId,
      api: 730,
      reason,
      signal,
    })
    const entity = accessTokenEntity(owner, response, scopes, Math.floor(now() / 1000))
    // What was removed while the answer was on its way stays removed.
    await cache.update(group, (document) =>
      state.generation === generation ? putAccessToken(document, accessTokenKey(entity), entity) : document,
    )
    await cache.update(tokenGroup({ ...owner, realm: '' }), (document) => writeAppMetadata(document, owner, response))
    return tokenResult(readAccessToken(entity)!, 'identity_provider', correlationId)
  }
}
