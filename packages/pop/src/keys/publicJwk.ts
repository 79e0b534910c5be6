/**
 * Writes a public key with the members that its thumbprint is of, in that order.
 *
 * @param key The key.
 * @returns The JWK.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7638#section-3.2 RFC 7638, section 3.2}
 */
export async function publicJwk(key: CryptoKey): Promise<JsonWebKey> {
  const { crv, e, kty, n, x, y } = await crypto.subtle.exportKey('jwk', key)
  return (kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }) as JsonWebKey
}
