import { expect, isText } from '../arguments/expect.js'
import type { ClientCredential } from '../ports/clientCredential.js'

/**
 * Proves an app's identity with a client secret, sent in the request's body (RFC 6749 §2.3.1).
 *
 * @param secret The secret's value, not its id.
 * @returns A credential for {@link createConfidentialClient}; printing it does not show the secret.
 * @throws {TypeError} when the secret is not a non-empty string.
 */
export function clientSecret(secret: string): ClientCredential {
  expect(isText(secret), 'secret', 'a non-empty string')
  return { apply: (_context, body) => body.set('client_secret', secret) }
}
