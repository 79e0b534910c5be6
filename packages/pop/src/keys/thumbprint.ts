import { base64url } from './base64url.js'

/**
 * Names a key by its thumbprint.
 *
 * @param jwk The public key, as `publicJwk` writes it.
 * @returns SHA-256 of its members.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7638#section-3 RFC 7638, section 3}
 */
export async function thumbprint(jwk: JsonWebKey): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(jwk)))
  return base64url(String.fromCharCode(...new Uint8Array(digest)))
}
