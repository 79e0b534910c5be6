import { authorizationUrl } from '../acquire/authorizationUrl.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import { endpointNamed } from '../authority/endpointNamed.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'

/** What {@link getAuthorizationRequestUrl} takes. */
export interface GetAuthorizationRequestUrlOptions {
  /** The scopes of one resource. */
  readonly scopes: readonly string[]
  /** Where the answer is sent. */
  readonly redirectUri?: string | undefined
  /** What the answer shall carry: unguessable, and checked by you. */
  readonly state?: string | undefined
  /** What the ID token shall carry: unguessable; give it to `acquireTokenByAuthorizationCode`, too. */
  readonly nonce?: string | undefined
  /** What is asked for. Default `code`. */
  readonly responseType?: string | undefined
  /** What to show: one of `Prompt`. */
  readonly prompt?: string | undefined
  /** The sign-in name, where it is known. */
  readonly loginHint?: string | undefined
  /** `consumers`, `organizations`, or a domain of the user's tenant. */
  readonly domainHint?: string | undefined
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes an authorization request without PKCE, whose state and nonce are the caller's to make and check.
 *
 * @deprecated `initiateAuthCodeFlow` does it all.
 * @param client Either kind of client.
 * @param options What to ask for.
 * @returns The URL to send the browser to.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `invalid_authority`, `network_error`, `timeout` where the authority's endpoints have to be asked for.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749, section 4.1.1}
 */
export async function getAuthorizationRequestUrl(
  client: Client,
  options: GetAuthorizationRequestUrlOptions,
): Promise<string> {
  expectClient(client)
  expect(options, 'the options', 'scopes, and what belongs to them')
  const { scopes, redirectUri, state, nonce, responseType = 'code', prompt, loginHint, domainHint, claims } = options
  expect(isText(responseType), 'responseType', 'a non-empty string')
  const { clientId, clientCapabilities, excludeScopes, authority } = client
  const endpoints = await endpointsOf(client, stateOf(client), options.signal)
  return authorizationUrl(endpointNamed(authority, endpoints, 'authorization_endpoint', 'oauth2/v2.0/authorize'), {
    client_id: clientId,
    response_type: responseType,
    redirect_uri: redirectUri,
    scope: joinScopes(decorateScopes(scopes, excludeScopes)),
    state,
    nonce,
    login_hint: loginHint,
    prompt,
    domain_hint: domainHint,
    ...claimsParameter(clientCapabilities, claims),
  })
}
