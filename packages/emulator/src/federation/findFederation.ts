import type { Directory } from '../directory.js'
import type { FederatedDomain, Tenant } from '../Tenant.js'

/**
 * Finds the federation that a username's domain belongs to.
 *
 * @param directory Where tenants are looked up.
 * @param username The username.
 * @returns The tenant and the domain, or undefined for a managed domain.
 */
export function findFederation(
  directory: Directory,
  username: string,
): { readonly tenant: Tenant; readonly domain: FederatedDomain } | undefined {
  const name = username
    .slice(username.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
  for (const tenant of directory.tenants.values()) {
    const domain = tenant.federatedDomains?.find((candidate) => candidate.domain.toLowerCase() === name)
    if (domain) return { tenant, domain }
  }
  return undefined
}
