import type { Exchange, Service } from '../Exchange.js'
import { issuerOf } from '../issuer.js'
import { resolveTenantPath, type PathSegments } from '../tenantPath.js'
import { discoveryResponse } from './openidConfiguration.js'

/**
 * Answers the JWKS of a tenant.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The key set, each key with the issuer that it signs for.
 * @throws {EntraError} 90002 for an unknown tenant.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517#section-5 RFC 7517, section 5}
 */
export async function keys(service: Service, exchange: Exchange, segments: PathSegments): Promise<Response> {
  const path = resolveTenantPath(service.directory, exchange.url, segments, 'invalid_tenant')
  const issuer = issuerOf(exchange.url, path, path.issuerSegment)
  const isNamed = path.shape === 'entra' || path.shape === 'ciam'
  return discoveryResponse({ keys: [{ ...(await service.signing.publicJwk()), ...(isNamed ? { issuer } : {}) }] })
}
