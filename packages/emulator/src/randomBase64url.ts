import { base64url } from 'jose'

/**
 * Makes a random base64url string, as Entra's `uti` and `aio` are.
 *
 * @param bytes How many random bytes.
 * @returns The string, without padding.
 */
export function randomBase64url(bytes: number): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(bytes)))
}
