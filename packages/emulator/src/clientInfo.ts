import { base64url } from 'jose'
import type { TenantPath } from './tenantPath.js'
import type { User } from './User.js'

/**
 * Writes `client_info`: the object ID and the tenant at home, whichever tenant the user signs in to.
 *
 * @param path What the request's path stands for.
 * @param user The user.
 * @returns base64url of JSON.
 */
export function clientInfo(path: TenantPath, user: User): string {
  const uid = path.policy === undefined ? user.id : `${user.id}-${path.policy.toLowerCase()}`
  return base64url.encode(JSON.stringify({ uid, utid: user.tenantId }))
}
