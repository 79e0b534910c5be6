import { expect } from '../arguments/expect.js'
import { b2cHost, ciamHost } from './clouds.js'

/** Who issues the tokens, read from its URL alone. */
export interface Authority {
  /** What the host and path say it is. */
  readonly kind: 'entra' | 'adfs' | 'b2c' | 'ciam' | 'oidc'
  /** The URL without its trailing slash. */
  readonly url: string
  /** The host without its port: the cache's `environment`. */
  readonly host: string
  /** The first segment of the path. */
  readonly tenant: string
}

/** Scheme, host, port and path, and nothing else: no credentials, query, dot segment, empty segment or Unicode. */
const plainUrl = /^(https?:)\/\/([\w.-]+|\[::1])(:\d+)?((?:\/[\w~-][\w~.-]*)*)\/?$/i

/**
 * Reads and classifies an authority URL.
 *
 * @param text The URL as the caller gave it.
 * @param oidc Whether it was given as an OpenID Connect issuer.
 * @returns Its parts.
 * @throws {TypeError} when it is not a plain https URL with a path; `http:` is for loopback hosts only.
 */
export function parseAuthority(text: string, oidc: boolean): Authority {
  const [, scheme = '', name = '', port = '', typed] = plainUrl.exec(text) ?? []
  const host = name.toLowerCase()
  const ciam = ciamHost.test(host)
  const path = typed || (ciam ? `/${host.split('.')[0]}.onmicrosoft.com` : '')
  const tenant = path.split('/')[1] ?? ''
  expect((oidc || tenant) && (scheme.length > 5 || isLoopback(host)), 'the authority', 'https://HOST/TENANT')
  const b2c = b2cHost.test(host) || /^\/[^/]+\/b2c_[^/]*$/i.test(path)
  const kind =
    oidc || /^dstsv2$/i.test(tenant) ? 'oidc' : ciam ? 'ciam' : /^adfs$/i.test(tenant) ? 'adfs' : b2c ? 'b2c' : 'entra'
  return { kind, url: `${scheme.toLowerCase()}//${host}${port}${path}`, host, tenant }
}

/**
 * Tells whether a host is this machine.
 *
 * @param host A host as `URL` spells it.
 * @returns Whether it is.
 */
export function isLoopback(host: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d+){3})$/.test(host)
}
