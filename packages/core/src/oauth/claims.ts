import { isObject, parseObject } from '../json/parseObject.js'

/**
 * Merges a client's capabilities into a claims request (OIDC Core §5.5).
 *
 * @param capabilities Such as `["CP1"]`.
 * @param claims A claims challenge, as JSON text.
 * @returns JSON text for the `claims` field; the challenge unchanged where there are no capabilities.
 * @throws {TypeError} when there are capabilities and the challenge is not a JSON object.
 */
export function mergeClaims(capabilities: readonly string[], claims: string | undefined): string | undefined {
  if (capabilities.length === 0) return claims
  const request = parseObject(claims ?? '{}')
  if (!request) throw new TypeError('Cannot acquire a token: claims must be the text of a JSON object')
  const { access_token: accessToken } = request
  return JSON.stringify({ ...request, access_token: { ...(isObject(accessToken) && accessToken), xms_cc: { values: capabilities } } })
}
