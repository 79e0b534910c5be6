import type { JWTPayload } from 'jose'
import type { UserTokenFacts } from './accessToken.js'
import type { Exchange, Service } from './Exchange.js'
import { issuerOf } from './issuer.js'
import { pairwiseSubject } from './pairwiseSubject.js'
import { randomBase64url } from './randomBase64url.js'

/** What an ID token says, apart from what it shares with the access token. */
export interface IdTokenFacts extends Omit<UserTokenFacts, 'api'> {
  readonly nonce?: string | undefined
  /** It says when the user signed in. */
  readonly hasAuthTime: boolean
}

/**
 * Signs an ID token.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param facts What it says.
 * @returns The token.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect, section 2}
 */
export async function signIdToken(service: Service, exchange: Exchange, facts: IdTokenFacts): Promise<string> {
  const { client, path, identity, signIn, scopes } = facts
  const { user, tenant, id: oid } = identity
  const iat = Math.floor(exchange.now / 1000)
  const isGuest = user.tenantId !== tenant.id
  const authTime = Math.floor(signIn.at / 1000)
  const name = user.name ?? user.username
  const common = {
    aud: client.clientId,
    iss: issuerOf(exchange.url, path, tenant.id),
    iat,
    nbf: iat,
    exp: iat + 3600,
    ...(facts.nonce === undefined ? {} : { nonce: facts.nonce }),
  }
  if (path.shape === 'adfs')
    return service.signing.sign({
      ...common,
      auth_time: authTime,
      sub: await pairwiseSubject(user.id, client.clientId),
      upn: user.username,
      unique_name: user.username,
    })
  const profile: JWTPayload = { name, oid, preferred_username: user.username }
  if (path.shape === 'b2c')
    return service.signing.sign({
      ...common,
      ...{ auth_time: authTime, sub: oid, tfp: path.policy, ver: '1.0' },
      ...profile,
    })
  return service.signing.sign({
    ...common,
    ...(facts.hasAuthTime ? { auth_time: authTime } : {}),
    ...(scopes.openid.has('profile') ? profile : {}),
    ...(scopes.openid.has('email') ? { email: user.username } : {}),
    ...(isGuest ? { idp: `https://sts.windows.net/${user.tenantId}/` } : {}),
    sid: signIn.id,
    sub: await pairwiseSubject(oid, client.clientId),
    tid: tenant.id,
    uti: randomBase64url(16),
    ver: '2.0',
  })
}
