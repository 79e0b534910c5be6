import { clientId } from './subject.ts'

/** The sign-in name of the n-th user. */
export const usernameOf = (index: number): string => `user-${String(index).padStart(6, '0')}@contoso.example`

/**
 * Writes a cache of signed-in users as MSAL Node does: an account, an ID token, an access token and a refresh token each.
 *
 * @param count How many users; they are not in the order of their names.
 * @returns The JSON.
 */
export function userCache(count: number): string {
  const now = Math.floor(Date.now() / 1000)
  const environment = 'login.windows.net'
  const realm = '22222222-2222-2222-2222-222222222222'
  const Account: Record<string, object> = {}
  const IdToken: Record<string, object> = {}
  const AccessToken: Record<string, object> = {}
  const RefreshToken: Record<string, object> = {}
  for (let place = 0; place < count; place++) {
    // 7919 is a prime that divides none of the sizes.
    const index = (place * 7919) % count
    const uid = `33333333-3333-3333-3333-${String(index).padStart(12, '0')}`
    const home_account_id = `${uid}.${realm}`
    const start = `${home_account_id}-${environment}`
    const token = { home_account_id, environment, client_id: clientId, secret: `${uid} `.padEnd(1536, 'x') }
    const target = 'User.Read openid profile'
    Account[`${start}-${realm}`] = {
      ...{ home_account_id, environment, realm, local_account_id: uid, username: usernameOf(index) },
      ...{ authority_type: 'MSSTS', name: `User ${index}`, client_info: btoa(JSON.stringify({ uid, utid: realm })) },
      tenantProfiles: [JSON.stringify({ tenantId: realm, localAccountId: uid, isHomeTenant: true })],
    }
    IdToken[`${start}-idtoken-${clientId}-${realm}--`] = {
      ...token,
      credential_type: 'IdToken',
      realm,
      secret: jwt(uid, usernameOf(index)),
    }
    AccessToken[`${start}-accesstoken-${clientId}-${realm}-${target.toLowerCase()}-`] = {
      ...{ ...token, credential_type: 'AccessToken', realm, target, token_type: 'Bearer', cached_at: `${now}` },
      ...{ expires_on: `${now + 86_399}`, extended_expires_on: `${now + 86_399}` },
    }
    RefreshToken[`${start}-refreshtoken-${clientId}---`] = { ...token, credential_type: 'RefreshToken' }
  }
  return JSON.stringify({ Account, IdToken, AccessToken, RefreshToken, AppMetadata: {} })

  /** MSAL Node reads the claims of each account that it lists. */
  function jwt(oid: string, name: string): string {
    const claims = { aud: clientId, oid, tid: realm, sub: oid, preferred_username: name, pad: 'x'.repeat(700) }
    const parts = [{ alg: 'RS256', typ: 'JWT' }, claims]
    return [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'c2ln'].join('.')
  }
}
