import type { Directory } from './directory.js'
import { EntraError } from './EntraError.js'
import { consumersTenantId } from './seed.js'
import type { Tenant } from './Tenant.js'

/** The part of a path that names a tenant. */
export interface PathSegments {
  /** A GUID, a domain, `common`, `organizations`, `consumers`, or `adfs`. */
  readonly tenant: string
  /** The policy of a B2C tenant. */
  readonly policy?: string | undefined
  /** The path starts with `/tfp`, as the older form of B2C's does. */
  readonly isTfp?: boolean | undefined
}

/** What the first path segments of a request stand for. */
export interface TenantPath {
  /** Whose protocol is spoken. */
  readonly shape: 'entra' | 'b2c' | 'ciam' | 'adfs'
  /** The segment as Entra writes it in endpoints: the GUID, or `common`, `organizations`, `consumers`. */
  readonly segment: string
  /** The tenant part of issuers: the GUID, or `{tenantid}` where it depends on who signs in. */
  readonly issuerSegment: string
  /** The tenant; undefined for `common` and `organizations`. */
  readonly tenant?: Tenant | undefined
  /** The policy, as the tenant spells it. */
  readonly policy?: string | undefined
  /** What the endpoints' URLs start with. */
  readonly base: string
}

/**
 * Resolves the first path segments.
 *
 * @param directory Where tenants are looked up.
 * @param url The request's URL.
 * @param segments What the path names.
 * @param error The OAuth error code of the refusal, where the endpoint has its own.
 * @returns What it stands for.
 * @throws {EntraError} 90002 for an unknown tenant or policy, 900023 for what cannot be one.
 */
export function resolveTenantPath(directory: Directory, url: URL, segments: PathSegments, error?: string): TenantPath {
  const segment = segments.tenant
  const { origin } = url
  if (segment === 'adfs') return adfs(directory, origin)
  if (segments.policy === undefined) {
    const base = `${origin}/${segment}`
    if (segment === 'common' || segment === 'organizations')
      return { shape: 'entra', segment, issuerSegment: '{tenantid}', base }
    if (segment === 'consumers') {
      const tenant = directory.findTenant(consumersTenantId)
      return { shape: 'entra', segment, issuerSegment: consumersTenantId, tenant, base }
    }
  }
  const tenant = directory.findTenant(segment)
  if (!tenant) {
    const isName = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(segment)
    throw new EntraError(isName ? 90002 : 900023, { tenant: segment }, { error })
  }
  if (tenant.kind === 'b2c') return b2c(tenant, url, segments)
  if (segments.policy !== undefined)
    throw new EntraError(90002, { tenant: `${segment}/${segments.policy}` }, { error, status: 404 })
  const shape = tenant.kind === 'ciam' ? 'ciam' : 'entra'
  return { shape, segment: tenant.id, issuerSegment: tenant.id, tenant, base: `${origin}/${tenant.id}` }
}

/** A policy is in the path, or in the query parameter `p`. */
function b2c(tenant: Tenant, url: URL, segments: PathSegments): TenantPath {
  const wanted = (segments.policy ?? url.searchParams.get('p') ?? '').toLowerCase()
  const policy = tenant.policies?.find((name) => name.toLowerCase() === wanted)
  if (policy === undefined) throw new EntraError(90002, { tenant: `${segments.tenant}/${wanted}` }, { status: 404 })
  const base = `${url.origin}${segments.isTfp ? '/tfp' : ''}/${segments.tenant}/${wanted}`
  return { shape: 'b2c', segment: segments.tenant, issuerSegment: tenant.id, tenant, policy, base }
}

/** AD FS knows one organisation: the one that has federated domains. */
function adfs(directory: Directory, origin: string): TenantPath {
  const tenant = Array.from(directory.tenants.values()).find(({ federatedDomains }) => federatedDomains?.length)
  if (!tenant) throw new EntraError(90002, { tenant: 'adfs' })
  return { shape: 'adfs', segment: 'adfs', issuerSegment: 'adfs', tenant, base: `${origin}/adfs` }
}
