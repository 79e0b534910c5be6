import { authorizationRequest, type AuthorizationOptions } from '../acquire/authorizationRequest.js'
import { expect, isText } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { Client } from '../client/client.js'
import { stateOf } from '../client/clientState.js'

/** What {@link initiateAuthCodeFlow} takes. */
export interface InitiateAuthCodeFlowOptions extends AuthorizationOptions {
  /** Where the answer is sent: one of the app's registered redirect URIs. */
  readonly redirectUri: string
  /** What the answer must carry. Default: random. */
  readonly state?: string | undefined
  /** How the answer is sent. Default: the server's own choice, the query. */
  readonly responseMode?: 'query' | 'fragment' | 'form_post' | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Starts a sign-in in the user's browser: makes the authorization request, with PKCE, state and nonce.
 *
 * A tenant by its id needs no request; a domain, or a host that is not Microsoft's, one for its endpoints.
 *
 * @param client Either kind of client.
 * @param options What to ask for.
 * @returns The flow: keep it in the user's web session, send the browser to its `authUri`, and give it to
 * {@link acquireTokenByAuthCodeFlow} with the answer. It is plain JSON.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `invalid_authority`, `network_error`, `timeout` where the authority's endpoints have to be asked for.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749, section 4.1.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 */
export async function initiateAuthCodeFlow(
  client: Client,
  options: InitiateAuthCodeFlowOptions,
): Promise<AuthCodeFlow> {
  expectClient(client)
  expect(isText(options?.redirectUri) && URL.canParse(options.redirectUri), 'redirectUri', 'an absolute URL')
  return authorizationRequest(client, await endpointsOf(client, stateOf(client), options.signal), options)
}
