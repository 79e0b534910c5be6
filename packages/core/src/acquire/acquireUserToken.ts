import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Endpoints } from '../authority/endpoints.js'
import type { Client } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { requestToken, type TokenRequest } from '../token/requestToken.js'
import { keepUserTokens, type UserTokens } from './keepUserTokens.js'
import { validateIdToken, type IdTokenExpectations } from './validateIdToken.js'

/** A grant that gives a user's tokens. */
export interface UserTokenRequest
  extends Omit<TokenRequest, 'tokenEndpoint' | 'orElse'>, IdTokenExpectations, UserTokens {}

/**
 * Gets a user's tokens by any grant: asks for them, checks the ID token, keeps everything in the user's partition.
 *
 * @param client The client.
 * @param state What the client remembers between calls.
 * @param endpoints The authority's endpoints.
 * @param request The grant.
 * @returns The result.
 * @throws {AuthError} as {@link requestToken}, {@link validateIdToken} and {@link keepUserTokens} do; nothing is kept then.
 */
export async function acquireUserToken(
  client: Client,
  state: ClientState,
  endpoints: Endpoints,
  request: UserTokenRequest,
): Promise<AuthenticationResult> {
  const { generation } = state
  const response = await requestToken(client, state, endpoints, {
    ...request,
    tokenEndpoint: endpoints.metadata.token_endpoint,
    orElse: 'id_token',
  })
  const idToken = response.text('id_token')
  // Where it is to say how long ago the sign-in was, there has to be one.
  const isNeeded = idToken ?? request.maxAge?.toString()
  const claims = isNeeded ? await validateIdToken(client, endpoints, idToken ?? '', request) : {}
  return keepUserTokens(client, state, endpoints, request, response, claims, generation)
}
