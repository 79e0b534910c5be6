import { isObject, parseObject } from '../json/parseObject.js'
import { base64urlObject } from './jwtClaims.js'
import { parseWwwAuthenticate } from './parseWwwAuthenticate.js'

/**
 * Finds the claims that a resource wants before it takes a token: continuous access evaluation, or a step up.
 *
 * @param header The value of the resource's `WWW-Authenticate`, or its answer.
 * @returns The challenge, to be passed on as `claims`; `undefined` where the resource wants nothing of the kind.
 * @throws {TypeError} when it is neither a text nor an answer.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/claims-challenge Entra's claims challenges}
 */
export function claimsChallenge(header: Pick<Response, 'headers'> | string | null | undefined): string | undefined {
  const text = isObject(header) ? (header as unknown as Response).headers.get('www-authenticate') : header
  for (const { parameters } of parseWwwAuthenticate(text)) {
    const { error, claims } = parameters
    if (error?.toLowerCase() !== 'insufficient_claims' || !claims) continue
    if (parseObject(claims)) return claims
    const decoded = base64urlObject(claims)
    if (Object.keys(decoded).length > 0) return JSON.stringify(decoded)
  }
  return undefined
}
