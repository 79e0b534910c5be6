import { canonicalHost } from './clouds.js'
import type { Endpoints } from './endpoints.js'
import type { Authority } from './parseAuthority.js'

/**
 * Tells whether an ID token's issuer is the authority's (OpenID Connect Core 1.0 §3.1.3.7, rule 2).
 *
 * Entra names the user's tenant in it, so that the issuer of `common` is a template; tokens of version 1 have another path; and the
 * hosts of one cloud stand for each other.
 *
 * @param authority The authority.
 * @param endpoints Its endpoints and its own word on its issuer.
 * @param claims The ID token's claims.
 * @returns Whether it is.
 */
export function isTokenIssuer(
  { kind }: Authority,
  { metadata, tenant }: Endpoints,
  { iss, tid }: Readonly<Record<string, unknown>>,
): boolean {
  if (typeof iss !== 'string' || !URL.canParse(iss)) return false
  const plain = (url: string): string => url.replace(/\/$/, '')
  const own = metadata.issuer.replace('{tenantid}', `${tid}`)
  if (kind !== 'entra') return plain(iss) === plain(own)
  const { protocol, host, origin } = new URL(iss)
  const { protocol: ownProtocol, host: ownHost, pathname: ownPath } = new URL(own)
  const [, named = ''] = ownPath.split('/')
  const isPersonal = tid === '9188040d-6c67-4c5b-b112-36a304b66dad'
  return (
    protocol === ownProtocol &&
    canonicalHost(host) === canonicalHost(ownHost) &&
    [`${origin}/${tid}/v2.0`, `${origin}/${tid}`].includes(plain(iss)) &&
    (named.includes('-')
      ? tid === named.toLowerCase() && !(tenant === 'organizations' && isPersonal)
      : tenant === 'common' || isPersonal === (tenant === 'consumers'))
  )
}
