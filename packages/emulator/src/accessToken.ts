import type { JWTPayload } from 'jose'
import { issuerOrigin } from './clouds.js'
import type { ClientAuthentication } from './clientAuthentication.js'
import type { App, Tenant } from './directory.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { randomBase64url } from './randomBase64url.js'

/** What an access token for an app says. */
export interface AppTokenFacts {
  readonly app: App
  readonly tenant: Tenant
  readonly api: App
  /** The resource as the scope named it. */
  readonly resource: string
  readonly authentication: ClientAuthentication
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
  const iat = Math.floor(exchange.now / 1000)
  const oid = await servicePrincipalId(app, tenant)
  const clientCapabilities = readClientCapabilities(exchange.form.get('claims'))
  const roles = app.roles?.[api.clientId]
  const azpacr = facts.authentication === 'secret' ? '1' : '2'
  return service.signing.sign({
    ...(api.accessTokenVersion === 1
      ? { aud: facts.resource, iss: v1Issuer(exchange.url, tenant), appid: app.clientId, appidacr: azpacr, ver: '1.0' }
      : { aud: api.clientId, iss: v2Issuer(exchange.url, tenant), azp: app.clientId, azpacr, ver: '2.0' }),
    iat,
    nbf: iat,
    exp: iat + service.tokenLifetime,
    aio: randomBase64url(24),
    idtyp: 'app',
    oid,
    sub: oid,
    tid: tenant.id,
    uti: randomBase64url(16),
    ...(roles ? { roles } : {}),
    ...(clientCapabilities ? { xms_cc: clientCapabilities } : {}),
  } satisfies JWTPayload)
}

/** A service principal's object ID: made from app and tenant, so that it stays the same without being stored. */
async function servicePrincipalId(app: App, tenant: Tenant): Promise<string> {
  const name = new TextEncoder().encode(`${app.clientId}@${tenant.id}`.toLowerCase())
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', name))
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
}

function v1Issuer(url: URL, tenant: Tenant): string {
  const origin = issuerOrigin(url)
  const host = origin === 'https://login.microsoftonline.com' ? 'https://sts.windows.net' : origin
  return `${host}/${tenant.id}/`
}

function v2Issuer(url: URL, tenant: Tenant): string {
  return `${issuerOrigin(url)}/${tenant.id}/v2.0`
}

/** Reads `xms_cc` out of the claims parameter: what the client says that it can do, such as `CP1`. */
function readClientCapabilities(claims: string | null): readonly string[] | undefined {
  if (!claims) return undefined
  try {
    const values: unknown = JSON.parse(claims)?.access_token?.xms_cc?.values
    return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : undefined
  } catch {
    throw new EntraError(9002313, { reason: 'claims is not JSON' })
  }
}
