import { expect } from '../arguments/expect.js'
import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { shareCall } from '../http/shareCall.js'
import { isObject } from '../json/parseObject.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { homeAccountId, routingHeader } from '../oauth/homeAccountId.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'
import { acquireUserToken } from './acquireUserToken.js'
import { authorizationResponse, type AuthorizationResponse } from './authorizationResponse.js'
import type { BindingOptions, CallOptions } from './CallOptions.js'
import { hashNonce } from './hashNonce.js'

/** An authorization response, and the request that it answers. */
export interface CodeRedemption extends CallOptions, BindingOptions {
  readonly flow: Partial<AuthCodeFlow> | null | undefined
  readonly response: AuthorizationResponse
  /** The scopes that the token is for; all of the flow's where left out. */
  readonly scopes?: readonly string[] | undefined
  /** The number of the operation, for Entra's counters. */
  readonly api: number
}

/**
 * Checks an authorization response against its request and redeems the code, once however often it is asked.
 *
 * @param client The client.
 * @param redemption The response and the request.
 * @returns The result.
 * @throws {TypeError} when an argument is wrong, or the scopes were not asked for.
 * @throws {AuthError} as {@link authorizationResponse} and {@link acquireUserToken} do.
 */
export async function redeemCode(client: Client, redemption: CodeRedemption): Promise<AuthenticationResult> {
  const { response, signal, api, scheme, correlationId = crypto.randomUUID() } = redemption
  const flow = redemption.flow ?? {}
  expect(isObject(flow), 'flow', 'what initiateAuthCodeFlow gave')
  const { state, scope = [], redirectUri, codeVerifier, nonce, maxAge, claims } = flow
  if (!state) throw new AuthError('state_mismatch', 'Cannot trust the response: no sign-in was started here')
  expect(Array.isArray(scope), 'flow', 'what initiateAuthCodeFlow gave')
  const scopes = redemption.scopes ? decorateScopes(redemption.scopes, client.excludeScopes) : scope
  expect(
    scopes.every((one) => scope.includes(one)),
    'scopes',
    'scopes that the flow asked for',
  )
  const memory = stateOf(client)
  const endpoints = await endpointsOf(client, memory, signal)
  const { code, clientInfo } = authorizationResponse(client, endpoints, response, state)
  return shareCall(
    memory.calls,
    JSON.stringify([api, code, codeVerifier, scopes, await scheme?.binding()]),
    async (signal) =>
      acquireUserToken(client, memory, endpoints, {
        grantType: 'authorization_code',
        parameters: {
          code,
          scope: joinScopes(scopes),
          ...(codeVerifier && { code_verifier: codeVerifier }),
          ...(redirectUri && { redirect_uri: redirectUri }),
          ...claimsParameter(client.clientCapabilities, claims),
        },
        headers: routingHeader(homeAccountId(clientInfo, undefined)),
        once: true,
        scopes,
        nonce: nonce === undefined ? nonce : await hashNonce(nonce),
        maxAge,
        accountSource: 'authorization_code',
        correlationId,
        api,
        reason: 0,
        scheme,
        signal,
      }),
    signal,
  )
}
