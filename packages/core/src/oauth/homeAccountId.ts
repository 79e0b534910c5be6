import { isText } from '../arguments/expect.js'
import { base64urlObject } from './jwtClaims.js'

/**
 * Tells who the user is across tenants.
 *
 * @param clientInfo Entra's `client_info`; other providers send none.
 * @param subject The ID token's `sub`, for those.
 * @returns `uid.utid`, else the subject; `undefined` where there is neither.
 */
export function homeAccountId(clientInfo: string | undefined, subject: unknown): string | undefined {
  const { uid, utid } = base64urlObject(clientInfo ?? '')
  if (isText(uid) && isText(utid)) return `${uid}.${utid}`
  return isText(subject) ? subject : undefined
}

/**
 * Makes the header that leads a request to the user's own data centre.
 *
 * @param homeAccountId The user.
 * @returns The header; nothing for users of other providers.
 */
export function routingHeader(homeAccountId = ''): Record<string, string> {
  const [, uid, utid] = /^([\w-]+)\.([\w-]+)$/.exec(homeAccountId) ?? []
  return uid ? { 'x-anchormailbox': `Oid:${uid}@${utid}` } : {}
}
