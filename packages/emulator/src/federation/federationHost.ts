import { findCloud } from '../clouds.js'
import type { Directory } from '../directory.js'
import type { FederatedDomain } from '../Tenant.js'

/**
 * Names the origin of a federated organisation's server: a host of its own in process, the emulator's on a port.
 *
 * @param url The URL that was asked at the cloud.
 * @param domain The domain.
 * @returns An origin.
 */
export function federationOrigin(url: URL, { domain }: FederatedDomain): string {
  return findCloud(url.host) ? `https://sts.${domain}` : url.origin
}

/**
 * Finds the domain whose server is asked: by host, or by the query parameter `domain` on a port; else the first.
 *
 * @param directory Where domains are looked up.
 * @param url The URL that was asked.
 * @returns The domain, or undefined where none is federated.
 */
export function findFederatedDomain(directory: Directory, url: URL): FederatedDomain | undefined {
  const domains = Array.from(directory.tenants.values()).flatMap(({ federatedDomains = [] }) => federatedDomains)
  const name = url.searchParams.get('domain') ?? url.hostname.replace(/^sts\./, '')
  return domains.find(({ domain }) => domain.toLowerCase() === name.toLowerCase()) ?? domains[0]
}
