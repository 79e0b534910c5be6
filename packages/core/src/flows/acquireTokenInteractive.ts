import { authorizationRequest, type AuthorizationOptions } from '../acquire/authorizationRequest.js'
import type { CallOptions } from '../acquire/CallOptions.js'
import { redeemCode } from '../acquire/redeemCode.js'
import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { PublicClient } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import { abortable, cancelled } from '../http/abortable.js'
import type { Interaction } from '../ports/interaction.js'

/** What {@link acquireTokenInteractive} takes. */
export interface AcquireTokenInteractiveOptions extends AuthorizationOptions, CallOptions {
  /** How the person gets to the page: `loopback()`, `popup()` or `redirect()`; only a client with a broker can do without. */
  readonly interaction?: Interaction | undefined
  /** With a broker: the window to stand on, a native handle, or `consoleWindow` of the broker's package. */
  readonly parentWindow?: unknown
}

/**
 * Signs a person in on the authorization page, by the authorization code grant with PKCE.
 *
 * @param client A client made by `createPublicClient`.
 * @param options What to ask for, and how to show the page.
 * @returns The token; the user is in the cache now. With `redirect()` the page goes away, and `completeRedirect` gives the token on the
 * next one.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `user_cancelled` when the person closed the page or the signal was aborted; `timeout`; `access_denied`; what
 * `acquireTokenByAuthCodeFlow` throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252 RFC 8252}
 */
export async function acquireTokenInteractive(
  client: PublicClient,
  options: AcquireTokenInteractiveOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'public', 'the client', 'a public client')
  const { interaction, scheme, signal, correlationId } = options ?? {}
  const brokered = await client.broker?.acquireTokenInteractive(client, options)
  if (brokered) return brokered
  expect(typeof interaction?.navigate === 'function', 'interaction', 'loopback(), popup() or redirect()')
  if (signal?.aborted) throw cancelled(signal)
  // Each sign-in has one of its own, by which interactions tell them apart.
  const controller = new AbortController()
  const own = controller.signal
  const stop = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', stop)
  let finish = interaction.finish?.bind(interaction, own)
  try {
    const { redirectUri, responseMode } = interaction
    const given = typeof redirectUri === 'function' ? redirectUri(own) : redirectUri
    const uri = await abortable(Promise.resolve(given), own)
    const endpoints = await endpointsOf(client, stateOf(client), signal)
    const flow = await authorizationRequest(client, endpoints, { ...options, redirectUri: uri, responseMode })
    const response = await abortable(interaction.navigate(flow.authUri, own, flow), own)
    const result = await redeemCode(client, { flow, response, api: 169, correlationId, scheme, signal })
    const end = finish
    finish = undefined
    await end?.()
    return result
  } catch (error) {
    try {
      await finish?.(error)
    } catch {} // the sign-in's own error is the one to tell
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
