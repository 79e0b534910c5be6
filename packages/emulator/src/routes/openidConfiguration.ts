import { findCloud, issuerOrigin } from '../clouds.js'
import type { Exchange, Service } from '../Exchange.js'
import { resolveTenantPath } from '../tenantPath.js'

/**
 * Answers tenant discovery: the OpenID configuration of a tenant, on the host that it was asked on.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segment The tenant's path segment.
 * @returns The configuration.
 * @throws {EntraError} 90002 for an unknown tenant.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Discovery, section 4}
 */
export function openidConfiguration(service: Service, exchange: Exchange, segment: string): Response {
  const { segment: tenant, issuerSegment } = resolveTenantPath(service.directory, segment, 'invalid_tenant')
  const base = `${exchange.url.origin}/${tenant}`
  return discoveryResponse({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${issuerOrigin(exchange.url)}/${issuerSegment}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
    tenant_region_scope: null,
    cloud_instance_name: cloudInstanceName(exchange.url),
  })
}

/**
 * Answers tenant discovery in its older form, without `/v2.0`.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segment The tenant's path segment.
 * @returns The configuration.
 * @throws {EntraError} 90002 for an unknown tenant.
 */
export function openidConfigurationV1(service: Service, exchange: Exchange, segment: string): Response {
  const { segment: tenant, issuerSegment } = resolveTenantPath(service.directory, segment, 'invalid_tenant')
  const base = `${exchange.url.origin}/${tenant}`
  const origin = issuerOrigin(exchange.url)
  const issuer = origin === 'https://login.microsoftonline.com' ? 'https://sts.windows.net' : origin
  return discoveryResponse({
    token_endpoint: `${base}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${exchange.url.origin}/common/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: `${issuer}/${issuerSegment}/`,
    authorization_endpoint: `${base}/oauth2/authorize`,
    device_authorization_endpoint: `${base}/oauth2/devicecode`,
    end_session_endpoint: `${base}/oauth2/logout`,
    cloud_instance_name: cloudInstanceName(exchange.url),
  })
}

/**
 * Answers a discovery document as Entra does, cacheable for a day.
 *
 * @param document What is answered.
 * @returns The response.
 */
export function discoveryResponse(document: Readonly<Record<string, unknown>>): Response {
  return Response.json(document, { headers: { 'cache-control': 'max-age=86400, private' } })
}

function cloudInstanceName(url: URL): string {
  return findCloud(url.host)?.preferred_network.replace(/^login\./, '') ?? url.host
}
