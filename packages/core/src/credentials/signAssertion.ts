import { modifyAssertion, PrivateKeyJwt } from 'oauth4webapi'
import type { ClientCredentialContext } from '../ports/clientCredential.js'

/**
 * Signs a client assertion for Entra, which departs from the standard one in header, audience and times.
 *
 * @param key The private key.
 * @param context Who signs, for whom, and when.
 * @param header More members of the header.
 * @param claims More claims; they win over the usual ones.
 * @returns The JWT, good for 600 s.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-3 RFC 7523, section 3}
 */
export async function signAssertion(
  key: CryptoKey,
  { clientId, tokenEndpoint, now }: ClientCredentialContext,
  header: Readonly<Record<string, string | string[]>>,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const addAssertion = PrivateKeyJwt(key, {
    [modifyAssertion](ownHeader, payload) {
      const iat = Math.floor(now() / 1000)
      Object.assign(ownHeader, { typ: 'JWT' }, header)
      delete payload.nbf // a clock that runs ahead would make it refused
      Object.assign(payload, { aud: tokenEndpoint, iat, exp: iat + 600, jti: crypto.randomUUID() }, claims)
    },
  })
  const form = new URLSearchParams()
  await addAssertion({ issuer: tokenEndpoint }, { client_id: clientId }, form, new Headers())
  return form.get('client_assertion')!
}
