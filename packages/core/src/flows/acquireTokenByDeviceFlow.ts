import { acquireUserToken } from '../acquire/acquireUserToken.js'
import type { BindingOptions } from '../acquire/CallOptions.js'
import { expect, isText } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { PublicClient } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import type { DeviceFlow } from '../DeviceFlow.js'
import { wait } from '../http/wait.js'
import { isAuthError } from '../isAuthError.js'
import { claimsParameter } from '../oauth/claimsParameter.js'

/** What {@link acquireTokenByDeviceFlow} takes. */
export interface AcquireTokenByDeviceFlowOptions extends BindingOptions {
  /** What `initiateDeviceFlow` gave; setting its `expiresAt` to 0 ends the waiting within a second. */
  readonly flow: DeviceFlow
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * Waits until the user has signed in on the other device: asks at once, then every `interval` seconds, more slowly where the server
 * wants that. A question that gets lost is asked again.
 *
 * @param client The client that the flow was started with, or one like it.
 * @param options The flow.
 * @returns The token; the user is in the cache now.
 * @throws {TypeError} when an argument is wrong, or the client is confidential.
 * @throws {AuthError} `expired` when nobody signed in in time; `access_denied` when the user declined; `user_cancelled` when the signal
 * was aborted or `expiresAt` set to 0; the server's other refusals; `id_token_invalid`; `invalid_response`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.4 RFC 8628, sections 3.4 and 3.5}
 */
export async function acquireTokenByDeviceFlow(
  client: PublicClient,
  options: AcquireTokenByDeviceFlowOptions,
): Promise<AuthenticationResult> {
  expect(client?.kind === 'public', 'the client', 'a public client')
  const { flow, claims, scheme, signal } = options ?? {}
  expect(isText(flow?.deviceCode) && flow.interval + flow.expiresAt >= 0, 'flow', 'what initiateDeviceFlow gave')
  const state = stateOf(client)
  const endpoints = await endpointsOf(client, state, signal)
  for (;;) {
    const before = structuredClone(state.telemetry)
    try {
      return await acquireUserToken(client, state, endpoints, {
        grantType,
        parameters: {
          device_code: flow.deviceCode,
          code: flow.deviceCode,
          ...claimsParameter(client.clientCapabilities, claims),
        },
        poll: true,
        once: true,
        scopes: flow.scope ?? [],
        accountSource: grantType,
        correlationId: flow.correlationId,
        api: 622,
        reason: 0,
        scheme,
        signal,
      })
    } catch (error) {
      slowDown(flow, error)
      state.telemetry = before // waiting is no failure
      await waitForUser(client, flow, error, signal)
    }
  }
}

/** Lets through what means "not yet" or "not now"; a lost question makes the next ones rarer, as the RFC wants. */
function slowDown(flow: DeviceFlow, error: unknown): void {
  if (!isAuthError(error)) throw error
  const { error: said = '', code, status = 0 } = error
  if (said === 'authorization_pending') return
  if (said === 'slow_down' || /^(network_error|timeout|throttled)$/.test(code) || status > 499) {
    flow.interval += 5
    return
  }
  // What ends the waiting, under our names (RFC 8628 §3.5, and Entra's own).
  const ending = /expired/.test(said) ? 'expired' : /declined/.test(said) ? 'access_denied' : code
  throw Object.assign(error, { code: ending })
}

/** Waits second by second, so that a flow that was given up ends soon. */
async function waitForUser(
  { now }: PublicClient,
  flow: DeviceFlow,
  cause: unknown,
  signal?: AbortSignal,
): Promise<void> {
  for (let left = Math.max(1, flow.interval); left > 0; left--) {
    if (flow.expiresAt === 0) throw new AuthError('user_cancelled', 'Cannot go on')
    if (flow.expiresAt < now() / 1000) throw new AuthError('expired', 'Cannot sign in: the code is over', { cause })
    await wait(1000, signal)
  }
}
