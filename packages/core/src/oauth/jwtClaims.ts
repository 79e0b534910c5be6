import { parseObject } from '../json/parseObject.js'

/**
 * Reads a part of a JWT without checking anything.
 *
 * @param jwt The token, or any text.
 * @param part 0 for the header, 1 for the claims.
 * @returns The part; an empty object where the text is no JWT.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515#section-3 RFC 7515, section 3}
 */
export function jwtClaims(jwt: string, part: 0 | 1 = 1): Record<string, unknown> {
  return base64urlObject(jwt.split('.')[part] ?? '')
}

/**
 * Reads base64url-encoded JSON, such as `client_info`.
 *
 * @param text The text.
 * @returns The object; an empty one where the text holds none.
 */
export function base64urlObject(text: string): Record<string, unknown> {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
    return parseObject(new TextDecoder().decode(bytes)) ?? {}
  } catch {
    return {}
  }
}
