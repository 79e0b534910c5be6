import { b2cHost, ciamHost, cloudOf } from './clouds.js'
import { isRegion } from './isRegion.js'
import { isLoopback, type Authority } from './parseAuthority.js'

/**
 * Tells whether an endpoint that a discovery document names may be used: one on the authority's host or in its cloud; a generic
 * issuer outside of Microsoft's clouds may name any secure host.
 *
 * @param authority The authority.
 * @param endpoint The endpoint.
 * @returns Whether it may.
 */
export function isEndpointOf({ kind, host, url }: Authority, endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname } = new URL(endpoint)
  const secure = protocol === 'https:' || (url.startsWith('http:') && isLoopback(hostname))
  const cloud = cloudOf(hostname)
  return (
    secure &&
    !endpoint.includes('@') &&
    ((kind === 'oidc' && !cloudOf(host)) ||
      hostname === host ||
      (cloud !== undefined && cloud === (cloudOf(host) ?? cloud)))
  )
}

/**
 * Tells whether the issuer that a discovery document names may stand for an OpenID Connect authority.
 *
 * OpenID Connect Discovery 1.0 §4.3 wants the two equal; Microsoft's own documents are allowed to differ in host, region and
 * path, within one cloud.
 *
 * @param authority The authority.
 * @param issuer The document's `issuer`.
 * @returns Whether it may.
 */
export function isIssuerOf({ url, host, tenant }: Authority, issuer: string): boolean {
  if (!URL.canParse(issuer)) return false
  const { origin, protocol, hostname } = new URL(issuer)
  const plain = issuer.replace(/\/$/, '').toLowerCase()
  if (plain === url.toLowerCase() || url.startsWith(`${origin}/`)) return true
  const [label = '', ...rest] = hostname.split('.')
  if (ciamHost.test(hostname)) {
    return label === tenant.toLowerCase() && [origin, `${origin}/${label}`, `${origin}/${label}/v2.0`].includes(plain)
  }
  const parent = isRegion(label) ? rest.join('.') : ''
  const cloud = cloudOf(hostname) ?? cloudOf(parent)
  return (
    protocol === 'https:' &&
    (parent === host || b2cHost.test(hostname) || (cloud !== undefined && cloud === (cloudOf(host) ?? cloud)))
  )
}
