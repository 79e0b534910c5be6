import { issuerOrigin } from './clouds.js'
import type { TenantPath } from './tenantPath.js'

/**
 * Names the issuer of ID tokens and of access tokens of version 2.
 *
 * @param url The request's URL.
 * @param path What its path stands for.
 * @param tenantId The tenant, or `{tenantid}`.
 * @returns The issuer.
 */
export function issuerOf(url: URL, path: TenantPath, tenantId: string): string {
  switch (path.shape) {
    case 'entra':
      return `${issuerOrigin(url)}/${tenantId}/v2.0`
    case 'ciam': {
      const isOwnHost = url.hostname.endsWith('.ciamlogin.com')
      return `${isOwnHost ? `https://${tenantId}.ciamlogin.com` : url.origin}/${tenantId}/v2.0`
    }
    case 'b2c': {
      const isTfp = path.tenant?.issuerForm === 'tfp'
      return `${url.origin}${isTfp ? `/tfp/${tenantId}/${path.policy}` : `/${tenantId}`}/v2.0/`
    }
    case 'adfs':
      return `${url.origin}/adfs`
  }
}

/**
 * Names the issuer of access tokens of version 1.
 *
 * @param url The request's URL.
 * @param path What its path stands for.
 * @param tenantId The tenant.
 * @returns The issuer.
 */
export function v1IssuerOf(url: URL, path: TenantPath, tenantId: string): string {
  if (path.shape === 'adfs') return `${url.origin}/adfs/services/trust`
  const origin = issuerOrigin(url)
  return `${origin === 'https://login.microsoftonline.com' ? 'https://sts.windows.net' : origin}/${tenantId}/`
}
