import { base64url } from 'jose'

/**
 * Computes a certificate's thumbprint.
 *
 * @param algorithm `SHA-1` for `x5t`, `SHA-256` for `x5t#S256`.
 * @param certificate In DER.
 * @returns base64url without padding.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7 RFC 7515, sections 4.1.7 and 4.1.8}
 */
export async function thumbprint(
  algorithm: 'SHA-1' | 'SHA-256',
  certificate: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest(algorithm, certificate)))
}
