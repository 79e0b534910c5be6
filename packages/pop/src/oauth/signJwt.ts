import { modifyAssertion, PrivateKeyJwt } from 'oauth4webapi'

/**
 * Signs a JWT; the algorithm is the key's own.
 *
 * @param key The private key.
 * @param header The header, apart from its `alg`.
 * @param payload What is signed.
 * @returns The JWT in its compact form.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515#section-3.1 RFC 7515, section 3.1}
 */
export async function signJwt(key: CryptoKey, header: object, payload: object): Promise<string> {
  const form = new URLSearchParams()
  // The library signs client assertions with it; all that makes it one is taken out.
  const sign = PrivateKeyJwt(key, {
    [modifyAssertion](ownHeader, ownPayload) {
      Object.assign(ownHeader, header)
      for (const name of Object.keys(ownPayload)) delete ownPayload[name]
      Object.assign(ownPayload, payload)
    },
  })
  await sign({ issuer: '-' }, { client_id: '-' }, form, new Headers())
  return form.get('client_assertion')!
}
