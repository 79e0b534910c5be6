import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Endpoints } from '../authority/endpoints.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import { regionalTokenEndpoint } from '../authority/regionalTokenEndpoint.js'
import { accessTokenEntity, readAccessToken, tokenResult } from '../cache/accessToken.js'
import { putAccessToken } from '../cache/accessTokenIndex.js'
import { findAccessToken } from '../cache/findAccessToken.js'
import { isPromise } from '../cache/isPromise.js'
import { tokenGroup, type TokenOwner } from '../cache/tokenGroup.js'
import { writeAppMetadata } from '../cache/writeAppMetadata.js'
import type { ConfidentialClient, WaitUntil } from '../client/client.js'
import { stateOf, type ClientState } from '../client/clientState.js'
import { shareCall } from '../client/shareCall.js'
import { cancelled } from '../http/abortable.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { mergeClaims } from '../oauth/claims.js'
import { requestToken } from '../oauth/requestToken.js'
import { checkScopes, joinScopes } from '../oauth/scopes.js'
import { isEdge } from '../runtime/environment.js'

/** What {@link acquireTokenForClient} takes. */
export interface AcquireTokenForClientOptions {
  /** The scopes of one resource, usually just its `/.default`. */
  readonly scopes: readonly string[]
  /** A claims challenge from the resource; the cache is passed by. */
  readonly claims?: string | undefined
  /** The id that ties this call to the server's logs. Default: a new UUID. */
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
  expect(client?.kind === 'confidential', 'the client', 'one made by createConfidentialClient')
  const scopes = checkScopes(options?.scopes)
  const { claims, signal, correlationId = crypto.randomUUID() } = options
  if (signal?.aborted) throw cancelled(signal)
  const state = stateOf(client)
  const known = endpointsOf(client, state, signal)
  const endpoints = isPromise(known) ? await known : known
  const owner: TokenOwner = { clientId: client.clientId, environment: client.authority.host, realm: endpoints.tenant }
  const group = (state.appGroup ??= tokenGroup(owner))
  const fetchToken = (reason: CacheRefreshReason, signal?: AbortSignal): Promise<AuthenticationResult> =>
    shareCall(
      state.calls,
      JSON.stringify([group, joinScopes(scopes), claims]),
      (signal) => requestAppToken(client, state, endpoints, owner, { scopes, claims, correlationId, reason, signal }),
      signal,
    )
  if (claims !== undefined) return fetchToken(1, signal)

  const stored = client.cache.get(group)
  const document = isPromise(stored) ? await stored : stored
  const found = findAccessToken(document, group, scopes, Math.floor(client.now() / 1000))
  if (!found.token) return fetchToken(found.state === 'expired' ? 3 : 2, signal)
  const cached = tokenResult(found.token, 'cache', correlationId)
  if (found.state === 'fresh') {
    state.telemetry.cacheHits++
    return cached
  }
  const { waitUntil = client.waitUntil } = options
  const inLine = !waitUntil && isEdge()
  const refresh = fetchToken(4, inLine ? signal : undefined).catch((error: unknown) => {
    if (inLine && signal?.aborted) throw error
    client.logger?.('warn', `Cannot refresh ahead: ${error}`)
    return cached
  })
  waitUntil?.(refresh)
  return inLine ? refresh : cached
}

interface AppTokenRequest {
  readonly scopes: readonly string[]
  readonly claims: string | undefined
  readonly correlationId: string
  readonly reason: CacheRefreshReason
  readonly signal: AbortSignal
}

async function requestAppToken(
  client: ConfidentialClient,
  state: ClientState,
  endpoints: Endpoints,
  owner: TokenOwner,
  { scopes, claims, ...request }: AppTokenRequest,
): Promise<AuthenticationResult> {
  const { generation } = state
  const { cache, clientCapabilities, now } = client
  const response = await requestToken(client, state, endpoints, {
    ...request,
    grantType: 'client_credentials',
    parameters: { scope: joinScopes(scopes), claims: mergeClaims(clientCapabilities, claims) },
    tokenEndpoint: await regionalTokenEndpoint(client, state, endpoints, request.signal),
    api: 730,
    repeatable: true,
  })
  const [key, entity] = accessTokenEntity(owner, response, scopes, Math.floor(now() / 1000))
  // What was removed while the answer was on its way stays removed.
  if (state.generation === generation) {
    await cache.update(tokenGroup(owner), (document = {}) => {
      if (state.generation === generation) putAccessToken(document, key, entity)
      return document
    })
    await cache.update(tokenGroup({ ...owner, realm: '' }), (document = {}) => writeAppMetadata(document, owner, response))
  }
  return tokenResult(readAccessToken(entity)!, 'identity_provider', request.correlationId)
}
