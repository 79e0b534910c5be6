import type { AuthorizationResponse } from '../acquire/authorizationResponse.js'
import type { BindingOptions, CallOptions } from '../acquire/CallOptions.js'
import { redeemCode } from '../acquire/redeemCode.js'
import { expect } from '../arguments/expect.js'
import { expectClient } from '../arguments/expectClient.js'
import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { Client } from '../client/client.js'

/** What {@link acquireTokenByAuthCodeFlow} takes. */
export interface AcquireTokenByAuthCodeFlowOptions extends CallOptions, BindingOptions {
  /** What `initiateAuthCodeFlow` gave, out of the user's own session; forget it there before this call. */
  readonly flow: Partial<AuthCodeFlow> | null | undefined
  /** The parameters that came with the answer, of the query or of the form. */
  readonly response: AuthorizationResponse
  /** The scopes that the token is for, where the flow asked for those of several resources. Default: all of them. */
  readonly scopes?: readonly string[] | undefined
}

/**
 * Completes a sign-in: checks the answer (state, issuer), redeems its code and checks the ID token (issuer, audience, times, nonce).
 *
 * @param client The client that the flow was made with, or one like it.
 * @param options The flow and the answer.
 * @returns The token; the user is in the cache now.
 * @throws {TypeError} when an argument is wrong, or the scopes were not asked for.
 * @throws {AuthError} `state_mismatch` when the answer is not the flow's, or there is no flow; `access_denied` when the user
 * declined; `invalid_grant` when the code is used up; `nonce_mismatch`, `id_token_invalid`: nothing is kept then; `invalid_response`;
 * what every operation over the network throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749, section 4.1.3}
 */
export async function acquireTokenByAuthCodeFlow(
  client: Client,
  options: AcquireTokenByAuthCodeFlowOptions,
): Promise<AuthenticationResult> {
  expectClient(client)
  expect(options, 'the options', 'flow and response')
  return redeemCode(client, { ...options, api: 832 })
}
