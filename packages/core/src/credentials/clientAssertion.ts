import { expect } from '../arguments/expect.js'
import type { ClientCredential, ClientCredentialContext } from '../ports/clientCredential.js'
import { setClientAssertion } from './setClientAssertion.js'

/** Makes an assertion for one token request; {@link clientAssertion} takes it. */
export type ClientAssertionCallback = (context: ClientCredentialContext) => string | Promise<string>

/**
 * Proves an app's identity with a JWT that was signed elsewhere: a federated credential, a managed identity, a key vault.
 *
 * @param assertion The JWT, or a function that is asked for it at each token request: how long one is good for is its business.
 * @returns A credential for {@link createConfidentialClient}; printing it does not show the JWT.
 * @throws {TypeError} when it is neither; the token request rejects with one when the function gives no JWT, and with what
 * the function throws.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.2 RFC 7523, section 2.2}
 */
export function clientAssertion(assertion: string | ClientAssertionCallback): ClientCredential {
  if (typeof assertion === 'function')
    return { apply: async (context, body) => setClientAssertion(body, checkAssertion(await assertion(context))) }
  checkAssertion(assertion)
  return { apply: (_context, body) => setClientAssertion(body, assertion) }
}

function checkAssertion(assertion: unknown): string {
  expect(typeof assertion === 'string' && /^\S+$/.test(assertion), 'the client assertion', 'a JWT')
  return assertion
}
