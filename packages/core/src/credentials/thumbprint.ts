import { expect } from '../arguments/expect.js'

/**
 * Reads a certificate's thumbprint as portals show it.
 *
 * @param name The option that it comes from.
 * @param digits Hexadecimal digits, with or without colons.
 * @param size How many bytes it has.
 * @returns It in base64url, as JOSE headers have it; `undefined` where none is given.
 * @throws {TypeError} when it is anything else.
 */
export function readThumbprint(name: string, digits: unknown, size: number): string | undefined {
  if (digits === undefined) return undefined
  const plain = typeof digits === 'string' ? digits.replaceAll(':', '') : ''
  expect(plain.length === 2 * size && /^[\da-f]+$/i.test(plain), name, `${2 * size} hexadecimal digits`)
  return base64url(Uint8Array.from(plain.match(/../g)!, (pair) => Number.parseInt(pair, 16)))
}

/**
 * Computes a certificate's thumbprint.
 *
 * @param hash SHA-1 for `x5t`, SHA-256 for `x5t#S256`.
 * @param der The certificate.
 * @returns It in base64url, as JOSE headers have it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7 RFC 7515, section 4.1.7}
 */
export async function computeThumbprint(hash: 'SHA-1' | 'SHA-256', der: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest(hash, der)))
}

/**
 * Writes bytes as base64, as `x5c` has them (RFC 7515 §4.1.6).
 *
 * @param bytes The bytes.
 * @returns Their base64.
 */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
