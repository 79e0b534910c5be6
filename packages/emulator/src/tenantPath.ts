import type { Directory, Tenant } from './directory.js'
import { EntraError } from './EntraError.js'
import { consumersTenantId } from './seed.js'

/** What the first path segment of a request stands for. */
export interface TenantPath {
  /** The segment as Entra writes it in endpoints: the GUID, or `common`, `organizations`, `consumers`. */
  readonly segment: string
  /** The tenant part of issuers: the GUID, or `{tenantid}` where it depends on who signs in. */
  readonly issuerSegment: string
  /** The tenant; undefined for `common` and `organizations`. */
  readonly tenant?: Tenant | undefined
}

/**
 * Resolves the first path segment.
 *
 * @param directory Where tenants are looked up.
 * @param segment A GUID, a domain, `common`, `organizations` or `consumers`.
 * @param error The OAuth error code of the refusal, where the endpoint has its own.
 * @returns What it stands for.
 * @throws {EntraError} 90002 for an unknown tenant, 900023 for what cannot be one.
 */
export function resolveTenantPath(directory: Directory, segment: string, error?: string): TenantPath {
  if (segment === 'common' || segment === 'organizations') return { segment, issuerSegment: '{tenantid}' }
  if (segment === 'consumers')
    return { segment, issuerSegment: consumersTenantId, tenant: directory.findTenant(consumersTenantId) }
  const tenant = directory.findTenant(segment)
  if (tenant) return { segment: tenant.id, issuerSegment: tenant.id, tenant }
  const isName = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(segment)
  throw new EntraError(isName ? 90002 : 900023, { tenant: segment }, { error })
}
