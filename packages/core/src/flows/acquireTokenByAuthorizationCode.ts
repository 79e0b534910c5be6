import { acquireUserToken } from '../acquire/acquireUserToken.js'
import type { BindingOptions, CallOptions } from '../acquire/CallOptions.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { abortable } from '../http/abortable.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'

/** What {@link acquireTokenByAuthorizationCode} takes. */
export interface AcquireTokenByAuthorizationCodeOptions extends CallOptions, BindingOptions {
  /** The code of the authorization response. */
  readonly code: string
  /** The scopes that were asked for. */
  readonly scopes: readonly string[]
  /** The redirect URI of the request. */
  readonly redirectUri?: string | undefined
  /** The nonce of the request, as it was on the wire. */
  readonly nonce?: string | undefined
  /** The secret half of PKCE, where the request had one. */
  readonly codeVerifier?: string | undefined
  /** The claims challenge of the request. */
  readonly claims?: string | undefined
}

/**
 * Redeems a code of a request that the caller made and checked.
 *
 * @deprecated `acquireTokenByAuthCodeFlow` checks state, nonce and PKCE by itself.
 * @param client Either kind of client.
 * @param options The code, and what belongs to it.
 * @returns The token; the user is in the cache now.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `invalid_grant` when the code is used up; `nonce_mismatch`, `id_token_invalid`: nothing is kept then; what every
 * operation over the network throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749, section 4.1.3}
 */
export async function acquireTokenByAuthorizationCode(
  client: Client,
  options: AcquireTokenByAuthorizationCodeOptions,
): Promise<AuthenticationResult> {
  expectClient(client)
  const { code, redirectUri, nonce, codeVerifier, claims, scheme, signal } = options ?? {}
  const { correlationId = crypto.randomUUID() } = options ?? {}
  expect(isText(code), 'code', 'a non-empty string')
  const scopes = decorateScopes(options.scopes, client.excludeScopes)
  const state = stateOf(client)
  const endpoints = await endpointsOf(client, state, signal)
  return abortable(
    acquireUserToken(client, state, endpoints, {
      grantType: 'authorization_code',
      parameters: {
        code,
        scope: joinScopes(scopes),
        ...(redirectUri && { redirect_uri: redirectUri }),
        ...(codeVerifier && { code_verifier: codeVerifier }),
        ...claimsParameter(client.clientCapabilities, claims),
      },
      once: true,
      scopes,
      nonce,
      accountSource: 'authorization_code',
      correlationId,
      api: 832,
      reason: 0,
      scheme,
      signal,
    }),
    signal,
  )
}
