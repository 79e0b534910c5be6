import { expect, isText } from '../arguments/expect.js'
import { isObject, parseObject } from '../json/parseObject.js'

/**
 * Merges a client's capabilities into a claims request (OIDC Core §5.5).
 *
 * @param capabilities Such as `["CP1"]`.
 * @param claims A claims challenge, as JSON text.
 * @returns The `claims` field, its challenge unchanged where there are no capabilities; no field where there is neither.
 * @throws {TypeError} when the challenge is no text, or there are capabilities and it is not a JSON object.
 */
export function claimsParameter(capabilities: readonly string[], claims = ''): { claims?: string } {
  const request = parseObject(claims || '{}')
  expect(request || (!capabilities[0] && isText(claims)), 'claims', 'a JSON object')
  if (!capabilities[0]) return claims ? { claims } : {}
  const accessToken = request?.['access_token']
  return {
    claims: JSON.stringify({
      ...request,
      access_token: { ...(isObject(accessToken) && accessToken), xms_cc: { values: capabilities } },
    }),
  }
}
