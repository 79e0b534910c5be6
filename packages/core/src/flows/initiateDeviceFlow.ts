import type { CallOptions } from '../acquire/CallOptions.js'
import { expect } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import { endpointNamed } from '../authority/endpointNamed.js'
import { endpointsOf } from '../authority/endpointsOf.js'
import type { PublicClient } from '../client/client.js'
import { stateOf } from '../client/clientState.js'
import type { DeviceFlow } from '../DeviceFlow.js'
import { abortable } from '../http/abortable.js'
import { senderHeaders } from '../http/senderHeaders.js'
import { sendThrottled } from '../http/throttle.js'
import { defined } from '../json/defined.js'
import { parseObject } from '../json/parseObject.js'
import { readFields } from '../json/readFields.js'
import { claimsParameter } from '../oauth/claimsParameter.js'
import { decorateScopes, joinScopes } from '../oauth/scopes.js'
import { serverError } from '../oauth/serverError.js'

/** What {@link initiateDeviceFlow} takes. */
export interface InitiateDeviceFlowOptions extends CallOptions {
  /** The scopes of one resource; may be left out where only the sign-in matters. */
  readonly scopes?: readonly string[] | undefined
  /** A claims challenge from the resource. */
  readonly claims?: string | undefined
}

/**
 * Starts a sign-in on another device, for programs that cannot show a browser.
 *
 * Show the user its `message`, or `verificationUri` and `userCode`, and warn nobody to type in a code that somebody else sent; then
 * call {@link acquireTokenByDeviceFlow}.
 *
 * @param client A client made by `createPublicClient`.
 * @param options What to ask for.
 * @returns The flow, plain JSON.
 * @throws {TypeError} when an argument is wrong, or the client is confidential.
 * @throws {AuthError} `invalid_authority` when the authority has no such endpoint; `invalid_response`; the server's refusal; what every
 * operation over the network throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.1 RFC 8628, section 3.1}
 */
export async function initiateDeviceFlow(
  client: PublicClient,
  options: InitiateDeviceFlowOptions = {},
): Promise<DeviceFlow> {
  expect(client?.kind === 'public', 'the client', 'a public client')
  const { claims, signal, correlationId = crypto.randomUUID() } = options
  const { clientId, authority, clientCapabilities, excludeScopes, now } = client
  const scopes = decorateScopes(options.scopes, excludeScopes)
  const scope = joinScopes(scopes)
  const endpoints = await endpointsOf(client, stateOf(client), signal)
  const url = endpointNamed(authority, endpoints, 'device_authorization_endpoint', 'oauth2/v2.0/devicecode')
  const body = `${new URLSearchParams({ client_id: clientId, scope, ...claimsParameter(clientCapabilities, claims) })}`
  const headers = {
    ...senderHeaders(client),
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    'client-request-id': correlationId,
  }
  const answer = await abortable(sendThrottled(client, { method: 'POST', url, headers, body, signal }), signal)
  const { text, seconds } = readFields(parseObject(answer.text))
  const userCode = text('user_code')
  const deviceCode = text('device_code')
  const verificationUri = text('verification_uri')
  if (answer.status !== 200) throw serverError(answer, { now: now(), correlationId })
  if (!userCode || !deviceCode || !isWebUrl(verificationUri))
    throw new AuthError('invalid_response', 'Cannot sign in: no code or address')
  const complete = text('verification_uri_complete')
  return defined({
    userCode,
    verificationUri,
    verificationUriComplete: isWebUrl(complete) ? complete : undefined,
    message: text('message') ?? `Open ${verificationUri} and enter ${userCode}`,
    expiresAt: Math.floor(now() / 1000) + Math.max(1, seconds('expires_in') ?? 1800),
    interval: Math.max(0, seconds('interval') ?? 5),
    scope: scopes,
    deviceCode,
    correlationId,
  })
}

/** What a user is told to open is a page, not a program. */
function isWebUrl(text: string | undefined): text is string {
  return /^https?:\/\/\S+$/i.test(text ?? '')
}
