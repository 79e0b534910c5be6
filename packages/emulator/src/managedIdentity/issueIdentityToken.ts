import type { JWTPayload } from 'jose'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import type { ManagedIdentity } from '../ManagedIdentity.js'
import { randomBase64url } from '../randomBase64url.js'

/** A token for a managed identity; times in seconds, since the epoch where they are times. */
export interface IdentityToken {
  readonly token: string
  readonly resource: string
  readonly expiresIn: number
  readonly expiresOn: number
  readonly notBefore: number
}

/**
 * Issues a token for a managed identity, in the version that the API accepts, as the public cloud's issuer whatever the host.
 *
 * @param service The emulator.
 * @param exchange The request; `xms_cc` names capabilities.
 * @param identity For whom.
 * @returns The token.
 * @throws {EntraError} 900144 without a resource, 500011 when the tenant has no such API.
 */
export async function issueIdentityToken(
  service: Service,
  { url, now }: Pick<Exchange, 'url' | 'now'>,
  identity: ManagedIdentity,
): Promise<IdentityToken> {
  const resource = url.searchParams.get('resource') ?? ''
  if (!resource) throw new EntraError(900144, { parameter: 'resource' })
  const { tenantId, clientId, objectId } = identity
  const api = service.directory.findApi(tenantId, resource.replace(/\/\.default$/, ''))
  if (!api || resource.endsWith('/.default'))
    throw new EntraError(500011, { resource, tenant: service.directory.findTenant(tenantId)?.name ?? tenantId })
  const iat = Math.floor(now / 1000)
  const exp = iat + service.tokenLifetime
  const roles = identity.roles?.[api.clientId]
  const capabilities = url.searchParams.get('xms_cc')?.split(',').filter(Boolean) ?? []
  const token = await service.signing.sign({
    ...(api.accessTokenVersion === 1
      ? { aud: resource, iss: `https://sts.windows.net/${tenantId}/`, appid: clientId, appidacr: '2', ver: '1.0' }
      : {
          aud: api.clientId,
          iss: `https://login.microsoftonline.com/${tenantId}/v2.0`,
          azp: clientId,
          azpacr: '2',
          ver: '2.0',
        }),
    ...{ iat, nbf: iat, exp, aio: randomBase64url(24), uti: randomBase64url(16) },
    ...{ idtyp: 'app', oid: objectId, sub: objectId, tid: tenantId, xms_mirid: identity.resourceId },
    ...(roles ? { roles } : {}),
    ...(capabilities.length > 0 ? { xms_cc: capabilities } : {}),
  } satisfies JWTPayload)
  return { token, resource, expiresIn: service.tokenLifetime, expiresOn: exp, notBefore: iat }
}
