import { findCloud } from '../clouds.js'
import type { Exchange, Service } from '../Exchange.js'
import { issuerOf, v1IssuerOf } from '../issuer.js'
import { resolveTenantPath, type PathSegments, type TenantPath } from '../tenantPath.js'

/**
 * Answers tenant discovery: the OpenID configuration of a tenant, on the host that it was asked on.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The configuration.
 * @throws {EntraError} 90002 for an unknown tenant.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Discovery, section 4}
 */
export function openidConfiguration(service: Service, exchange: Exchange, segments: PathSegments): Response {
  const path = resolveTenantPath(service.directory, exchange.url, segments, 'invalid_tenant')
  const { base, shape, issuerSegment } = path
  const endpoints = `${base}/oauth2/v2.0`
  return discoveryResponse({
    token_endpoint: `${endpoints}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['plain', 'S256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(exchange.url, path, issuerSegment),
    request_uri_parameter_supported: false,
    authorization_endpoint: `${endpoints}/authorize`,
    // B2C has no device code
    ...(shape === 'b2c' ? {} : { device_authorization_endpoint: `${endpoints}/devicecode` }),
    end_session_endpoint: `${endpoints}/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
    ...(shape === 'entra'
      ? { tenant_region_scope: null, cloud_instance_name: cloudInstanceName(exchange.url) }
      : { authorization_response_iss_parameter_supported: true }),
  })
}

/**
 * Answers tenant discovery in its older form, without `/v2.0`.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The configuration.
 * @throws {EntraError} 90002 for an unknown tenant.
 */
export function openidConfigurationV1(service: Service, exchange: Exchange, segments: PathSegments): Response {
  const path = resolveTenantPath(service.directory, exchange.url, segments, 'invalid_tenant')
  if (path.shape === 'adfs') return adfsConfiguration(exchange, path)
  const { base, issuerSegment } = path
  return discoveryResponse({
    token_endpoint: `${base}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${exchange.url.origin}/common/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: v1IssuerOf(exchange.url, path, issuerSegment),
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

function adfsConfiguration({ url }: Exchange, path: TenantPath): Response {
  const { base } = path
  return discoveryResponse({
    issuer: issuerOf(url, path, ''),
    access_token_issuer: v1IssuerOf(url, path, ''),
    authorization_endpoint: `${base}/oauth2/authorize`,
    token_endpoint: `${base}/oauth2/token`,
    device_authorization_endpoint: `${base}/oauth2/devicecode`,
    end_session_endpoint: `${base}/oauth2/logout`,
    jwks_uri: `${base}/discovery/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'password',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    subject_types_supported: ['pairwise'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['plain', 'S256'],
    authorization_response_iss_parameter_supported: true,
  })
}

function cloudInstanceName(url: URL): string {
  return findCloud(url.host)?.preferred_network.replace(/^login\./, '') ?? url.host
}
