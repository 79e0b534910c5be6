import { cacheFirst, type CacheFirstOptions } from '../acquire/cacheFirst.js'
import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Endpoints } from '../authority/endpoints.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import { regionalTokenEndpoint } from '../authority/regionalTokenEndpoint.js'
import { accessTokenEntity, readAccessToken, tokenResult } from '../cache/accessToken.js'
import { putAccessToken } from '../cache/accessTokenIndex.js'
import { findAccessToken } from '../cache/findAccessToken.js'
import { isPromise } from '../cache/isPromise.js'
import { tokenGroup } from '../cache/tokenGroup.js'
import { writeAppMetadata } from '../cache/writeAppMetadata.js'
import type { ConfidentialClient } from '../client/client.js'
import { stateOf, type AppTokens } from '../client/clientState.js'
import { shareCall } from '../http/shareCall.js'
import { cancelled } from '../http/abortable.js'
import type { CacheRefreshReason } from '../http/telemetry.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { requestToken } from '../token/requestToken.js'
import { checkScopes, joinScopes } from '../oauth/scopes.js'

/** What {@link acquireTokenForClient} takes. */
export interface AcquireTokenForClientOptions extends CacheFirstOptions {
  /** The scopes of one resource, usually just its `/.default`. */
  readonly scopes: readonly string[]
  /** A claims challenge from the resource; the cache is passed by. */
  readonly claims?: string | undefined
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
  const { claims, scheme, signal } = options
  const { cache, clientCapabilities, now } = client
  if (signal?.aborted) throw cancelled(signal)
  const state = stateOf(client)
  const { endpoints, owner, partition } = (state.app ??= appTokens(client, await endpointsOf(client, state, signal)))
  const group = scheme ? tokenGroup({ ...owner, ...(await scheme.binding()) }) : partition
  const request = (reason: CacheRefreshReason, signal?: AbortSignal): Promise<AuthenticationResult> =>
    shareCall(
      state.calls,
      JSON.stringify([group, joinScopes(scopes), claims]),
      async (signal) => {
        const { generation } = state
        const { correlationId = crypto.randomUUID() } = options
        const response = await requestToken(client, state, endpoints, {
          grantType: 'client_credentials',
          parameters: { scope: joinScopes(scopes), ...claimsParameter(clientCapabilities, claims) },
          tokenEndpoint: await regionalTokenEndpoint(client, state, endpoints, signal),
          correlationId,
          api: 730,
          reason,
          scheme,
          signal,
        })
        const entity = accessTokenEntity(owner, response, scopes, Math.floor(now() / 1000))
        // What was removed while the answer was on its way stays removed.
        // At once, so that a store that keeps both together writes once.
        await Promise.all([
          cache.update(partition, (document) =>
            state.generation === generation
              ? putAccessToken(document, entity, clientCapabilities.length > 0)
              : document,
          ),
          cache.update(tokenGroup({ ...owner, realm: '' }), (document) => writeAppMetadata(document, owner, response)),
        ])
        return tokenResult(readAccessToken(entity)!, 'identity_provider', correlationId)
      },
      signal,
    )
  if (claims) return request(1, signal)
  const stored = cache.get(partition)
  const document = isPromise(stored) ? await stored : stored
  return cacheFirst(client, state, findAccessToken(document, group, scopes, client), request, options)
}

/** Where the app's own tokens are: the same for all calls of a client. */
function appTokens({ authority, clientId }: ConfidentialClient, endpoints: Endpoints): AppTokens {
  const owner = { home_account_id: null, environment: authority.host, client_id: clientId, realm: endpoints.tenant }
  return { endpoints, owner, partition: tokenGroup(owner) }
}
