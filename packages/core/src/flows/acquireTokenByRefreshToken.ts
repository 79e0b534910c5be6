import { acquireUserToken } from '../acquire/acquireUserToken.js'
import type { BindingOptions, CallOptions } from '../acquire/CallOptions.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { abortable } from '../http/abortable.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'

/** What {@link acquireTokenByRefreshToken} takes. */
export interface AcquireTokenByRefreshTokenOptions extends CallOptions, BindingOptions {
  /** A refresh token that another library got for this app. */
  readonly refreshToken: string
  /** The scopes of one resource. */
  readonly scopes: readonly string[]
}

/**
 * Brings in a refresh token from elsewhere, so that users need not sign in again when an app moves to this library.
 *
 * From then on `acquireTokenSilent` is what is needed.
 *
 * @param client Either kind of client.
 * @param options The refresh token, and what the first token is for.
 * @returns The token; user and refresh token are in the cache now.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `invalid_grant` when the server does not take it; what every operation over the network throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749, section 6}
 */
export async function acquireTokenByRefreshToken(
  client: Client,
  options: AcquireTokenByRefreshTokenOptions,
): Promise<AuthenticationResult> {
  expectClient(client)
  const { refreshToken, scheme, signal, correlationId = crypto.randomUUID() } = options ?? {}
  expect(isText(refreshToken), 'refreshToken', 'a non-empty string')
  const scopes = decorateScopes(options.scopes, client.excludeScopes)
  const state = stateOf(client)
  const endpoints = await endpointsOf(client, state, signal)
  return abortable(
    acquireUserToken(client, state, endpoints, {
      grantType: 'refresh_token',
      parameters: { refresh_token: refreshToken, scope: joinScopes(scopes) },
      scopes,
      correlationId,
      api: 85,
      reason: 1,
      scheme,
      signal,
    }),
    signal,
  )
}
