/**
 * Builds an authority URL from a cloud's host and a tenant.
 *
 * @param cloud A host such as {@link AZURE_PUBLIC}, {@link AZURE_US_GOVERNMENT} or {@link AZURE_CHINA}.
 * @param tenant A tenant id, a domain of the tenant, or `common`, `organizations`, `consumers`.
 * @returns The authority, for a client's `authority` option.
 * @throws {TypeError} when one of them is empty.
 */
export function entraAuthority(cloud: string, tenant: string): string {
  const host = typeof cloud === 'string' ? cloud.replace(/\/+$/, '') : ''
  const name = typeof tenant === 'string' ? tenant.replace(/^\/+|\/+$/g, '') : ''
  if (!host || !name) throw new TypeError('Cannot build an authority: cloud and tenant must be non-empty strings')
  return `https://${host}/${name}`
}
