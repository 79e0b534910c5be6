import { issuerOrigin } from '../clouds.js'
import type { Exchange, Service } from '../Exchange.js'
import { resolveTenantPath } from '../tenantPath.js'
import { discoveryResponse } from './openidConfiguration.js'

/**
 * Answers the JWKS of a tenant.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segment The tenant's path segment.
 * @returns The key set, each key with the issuer that it signs for.
 * @throws {EntraError} 90002 for an unknown tenant.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517#section-5 RFC 7517, section 5}
 */
export async function keys(service: Service, exchange: Exchange, segment: string): Promise<Response> {
  const { issuerSegment } = resolveTenantPath(service.directory, segment, 'invalid_tenant')
  const issuer = `${issuerOrigin(exchange.url)}/${issuerSegment}/v2.0`
  return discoveryResponse({ keys: [{ ...(await service.signing.publicJwk()), issuer }] })
}
