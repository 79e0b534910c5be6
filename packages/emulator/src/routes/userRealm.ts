import { findCloud } from '../clouds.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { cloudAudience } from '../federation/samlAssertion.js'
import { federationOrigin } from '../federation/federationHost.js'
import { findFederation } from '../federation/findFederation.js'

/**
 * Answers user realm discovery: who knows the password of a user.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param username The username in its path.
 * @returns The realm; 404 on hosts that have no such service.
 * @throws {EntraError} 90014 without `api-version`.
 */
export function userRealm({ directory }: Service, exchange: Exchange, username: string): Response {
  const { url } = exchange
  if (/\.(b2clogin\.(com|cn|us|de)|ciamlogin\.com)$/.test(url.hostname))
    return new Response('There is no user realm service on this host\n', { status: 404 })
  if (url.searchParams.get('api-version') !== '1.0') throw new EntraError(90014, { parameter: 'api-version' })
  const domain = username.slice(username.lastIndexOf('@') + 1)
  const cloud = {
    cloud_instance_name: findCloud(url.host)?.preferred_network.replace(/^login\./, '') ?? url.host,
    cloud_audience_urn: cloudAudience,
  }
  const federation = findFederation(directory, username)
  if (federation) {
    const { wsTrust = ['1.3', '2005'], hasMetadata = true } = federation.domain
    const trust = `${federationOrigin(url, federation.domain)}/adfs/services/trust`
    const query = trust.startsWith('https://sts.') ? '' : `?domain=${encodeURIComponent(federation.domain.domain)}`
    return Response.json({
      ...{ ver: '1.0', account_type: 'Federated', domain_name: domain, federation_protocol: 'WSTrust' },
      ...(hasMetadata ? { federation_metadata_url: `${trust}/mex${query}` } : {}),
      federation_active_auth_url: `${trust}/${wsTrust.includes('2005') ? '2005' : '13'}/usernamemixed`,
      ...cloud,
    })
  }
  const tenant = username.includes('@') ? directory.findTenant(domain) : undefined
  const isManaged = tenant !== undefined && (tenant.kind ?? 'workforce') === 'workforce'
  return Response.json({
    ver: '1.0',
    account_type: isManaged ? 'Managed' : 'Unknown',
    ...(isManaged ? { domain_name: domain } : {}),
    ...cloud,
  })
}
