import { b2cHost, ciamHost, cloudOf } from './clouds.js'
import { isLoopback, type Authority } from './parseAuthority.js'

/**
 * Tells whether an endpoint that a discovery document names may be used: one on the authority's host or in its cloud; a generic
 * issuer may name any secure host.
 *
 * @param authority The authority.
 * @param endpoint The endpoint.
 * @returns Whether it may.
 */
export function isEndpointOf({ kind, host, url }: Authority, endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, username } = new URL(endpoint)
  if (username || !(protocol === 'https:' || (url.startsWith('http:') && isLoopback(hostname)))) return false
  const cloud = cloudOf(host)
  if (cloud) return cloud.includes(hostname)
  return (
    kind === 'oidc' ||
    hostname === host ||
    (kind === 'entra' && cloudOf(hostname) !== undefined)
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
  const { origin, protocol, hostname, pathname } = new URL(issuer)
  if (issuer.replace(/\/$/, '') === url || url.startsWith(`${origin}/`)) return true
  const [region = '', ...rest] = hostname.split('.')
  const parent = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(region) ? rest.join('.') : ''
  if (ciamHost.test(hostname)) {
    return region === tenant.toLowerCase() && ['/', `/${region}`, `/${region}/v2.0`].includes(pathname.toLowerCase().replace(/(.)\/$/, '$1'))
  }
  const cloud = cloudOf(hostname) ?? cloudOf(parent)
  return (
    (cloud !== undefined && protocol === 'https:' && cloud === (cloudOf(host) ?? cloud)) || parent === host || b2cHost.test(hostname)
  )
}
