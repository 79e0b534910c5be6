import type { JWTPayload } from 'jose'
import type { App } from './App.js'
import type { ClientAuthentication } from './clientAuthentication.js'
import type { ClaimsRequest } from './claimsRequest.js'
import type { Exchange, Service } from './Exchange.js'
import type { Identity } from './identity.js'
import { issuerOf, v1IssuerOf } from './issuer.js'
import { pairwiseSubject } from './pairwiseSubject.js'
import { issueSshCertificate } from './proof/sshCertificate.js'
import { randomBase64url } from './randomBase64url.js'
import type { SignIn } from './SignIn.js'
import type { Tenant } from './Tenant.js'
import type { TenantPath } from './tenantPath.js'
import type { TokenScopes } from './tokenScopes.js'

/** What an access token for an app says. */
export interface AppTokenFacts {
  readonly app: App
  readonly tenant: Tenant
  readonly api: App
  /** The resource as the scope named it. */
  readonly resource: string
  readonly authentication: ClientAuthentication
  readonly path: TenantPath
  readonly claims: ClaimsRequest
}

/** What an access token for a user says. */
export interface UserTokenFacts {
  readonly client: App
  readonly api: App
  readonly path: TenantPath
  readonly identity: Identity
  readonly signIn: SignIn
  readonly scopes: TokenScopes
  readonly claims: ClaimsRequest
  /** How the app proved who it is; undefined for a public client. */
  readonly authentication?: ClientAuthentication | undefined
}

/**
 * Signs an access token for an app, in the version that the API accepts.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param facts What the token says.
 * @returns The token.
 */
export async function signAppToken(service: Service, exchange: Exchange, facts: AppTokenFacts): Promise<string> {
  const { app, tenant, api } = facts
  const { binding } = exchange
  if (binding?.tokenType === 'ssh-cert') return issueSshCertificate(service, exchange, binding, app.clientId)
  const oid = await servicePrincipalId(app, tenant)
  const roles = app.roles?.[api.clientId]
  return service.signing.sign({
    ...versionedClaims(exchange, { ...facts, client: app, tenantId: tenant.id }),
    ...timeClaims(service, exchange),
    ...confirmationClaim(exchange),
    idtyp: 'app',
    oid,
    sub: oid,
    tid: tenant.id,
    ...(roles ? { roles } : {}),
    ...(facts.claims.capabilities ? { xms_cc: facts.claims.capabilities } : {}),
  } satisfies JWTPayload)
}

/**
 * Signs an access token for a user, in the version that the API accepts.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param facts What the token says.
 * @returns The token.
 */
export async function signUserToken(service: Service, exchange: Exchange, facts: UserTokenFacts): Promise<string> {
  const { api, path, identity, signIn, scopes, claims } = facts
  const { user, tenant, id: oid } = identity
  const { binding } = exchange
  if (binding?.tokenType === 'ssh-cert') return issueSshCertificate(service, exchange, binding, user.username)
  const isV1 = api.accessTokenVersion === 1
  const isB2c = path.shape === 'b2c'
  const acrs = signIn.hasMfa ? claims.acrs : []
  return service.signing.sign({
    ...versionedClaims(exchange, { ...facts, resource: scopes.resource, tenantId: tenant.id }),
    ...timeClaims(service, exchange),
    ...confirmationClaim(exchange),
    ...(path.shape === 'adfs' ? {} : { idtyp: 'user', oid }),
    sub: isB2c ? oid : await pairwiseSubject(oid, api.clientId),
    name: user.name ?? user.username,
    ...(isV1 ? { upn: user.username, unique_name: user.username } : { preferred_username: user.username }),
    scp: scopes.permissions.join(' '),
    sid: signIn.id,
    ...(isV1 ? { amr: signIn.hasMfa ? ['pwd', 'mfa'] : ['pwd'], auth_time: Math.floor(signIn.at / 1000) } : {}),
    ...(isB2c ? { tfp: path.policy } : path.shape === 'adfs' ? {} : { tid: tenant.id }),
    ...(acrs.length > 0 ? { acrs } : {}),
    ...(claims.capabilities ? { xms_cc: claims.capabilities } : {}),
  } satisfies JWTPayload)
}

function versionedClaims(
  { url }: Exchange,
  facts: Pick<UserTokenFacts, 'client' | 'api' | 'path' | 'authentication'> & {
    readonly resource: string
    readonly tenantId: string
  },
): JWTPayload {
  const { client, api, path, resource, tenantId, authentication } = facts
  const azpacr = authentication === undefined ? '0' : authentication === 'secret' ? '1' : '2'
  return api.accessTokenVersion === 1
    ? { aud: resource, iss: v1IssuerOf(url, path, tenantId), appid: client.clientId, appidacr: azpacr, ver: '1.0' }
    : { aud: api.clientId, iss: issuerOf(url, path, tenantId), azp: client.clientId, azpacr, ver: '2.0' }
}

/** Whom a bound token belongs to (RFC 7800). */
function confirmationClaim({ binding }: Exchange): JWTPayload {
  return binding ? { cnf: binding.cnf } : {}
}

function timeClaims({ tokenLifetime }: Service, { now }: Exchange): JWTPayload {
  const iat = Math.floor(now / 1000)
  return { iat, nbf: iat, exp: iat + tokenLifetime, aio: randomBase64url(24), uti: randomBase64url(16) }
}

/** A service principal's object ID: made from app and tenant, so that it stays the same without being stored. */
async function servicePrincipalId(app: App, tenant: Tenant): Promise<string> {
  const name = new TextEncoder().encode(`${app.clientId}@${tenant.id}`.toLowerCase())
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', name))
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
}
