import type { Federation, FederationRequest } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'
import { activeEndpoint } from './activeEndpoint.js'
import { base64url } from './base64url.js'
import { cannotSignIn } from './cannotSignIn.js'
import { discoverEndpoint } from './discoverEndpoint.js'
import { readSecurityToken } from './readSecurityToken.js'
import { requestSecurityToken } from './requestSecurityToken.js'
import { isXmlText } from './xml/escapeXml.js'

/**
 * Gets an assertion for a password from the user's own identity provider.
 *
 * @param request The user and the domain.
 * @returns The grant, and the assertion in base64url as it was signed.
 * @throws {AuthError} `invalid_grant`, `server_error`, `invalid_response`, or what `send` throws.
 * @throws {TypeError} when an argument is of a wrong type.
 */
export async function acquireAssertion(request: FederationRequest): ReturnType<Federation['acquireAssertion']> {
  expect(Object(request) === request, 'the request', 'an object')
  const { username, password, metadataUrl, activeAuthUrl, audience, now, signal, send } = request
  expect(isText(username), 'username', 'a text')
  expect(typeof password === 'string', 'password', 'a text')
  expect(isText(audience), 'audience', 'a text')
  expect(typeof now === 'function', 'now', 'a function')
  expect(typeof send === 'function', 'send', 'a function')
  const endpoint = metadataUrl
    ? await discoverEndpoint(metadataUrl, (url) => send({ method: 'GET', url, headers: {}, signal }))
    : activeEndpoint(activeAuthUrl)
  const { address, version } = endpoint
  const { host } = new URL(address)
  const [unfit] = Object.entries({ username, password, audience }).find(([, value]) => !isXmlText(value)) ?? []
  if (unfit) {
    const code = unfit === 'audience' ? 'invalid_response' : 'invalid_grant'
    throw cannotSignIn(host, `the ${unfit} has a character that XML cannot hold`, code)
  }
  const response = await send({
    method: 'POST',
    url: address,
    headers: { 'content-type': 'application/soap+xml; charset=utf-8', soapaction: version.action },
    body: requestSecurityToken({ username, password, audience, endpoint, id: crypto.randomUUID(), now: now() }),
    signal,
    // A wrong password comes with a 500, and each one counts towards the lock-out of the account.
    once: true,
  })
  const { grantType, assertion } = readSecurityToken(response, host, password)
  return { grantType, assertion: base64url(assertion) }
}
