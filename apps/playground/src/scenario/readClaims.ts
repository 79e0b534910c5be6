import { decodeJwt } from 'jose'

/**
 * Reads a token's claims, without any check: only its resource may rely on them.
 *
 * @param token An access token.
 * @returns The claims; `undefined` where it is not a JWT.
 */
export function readClaims(token: string): Record<string, unknown> | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}
