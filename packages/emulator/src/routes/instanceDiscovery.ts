import { clouds, findCloud } from '../clouds.js'
import { EntraError } from '../EntraError.js'
import type { Exchange } from '../Exchange.js'
import { discoveryResponse } from './openidConfiguration.js'

/**
 * Answers instance discovery: whether a host is a known one, and which names it has.
 *
 * A host that is not Microsoft's is known only when it is the one that was asked: the emulator on a port.
 *
 * @param exchange The request; `authorization_endpoint` names the host, `api-version` 1.1 adds the list of clouds.
 * @returns The tenant discovery endpoint, and the list.
 * @throws {EntraError} 50049 for an unknown host, 90014 when a parameter is missing.
 */
export function instanceDiscovery(exchange: Exchange): Response {
  const endpoint = exchange.url.searchParams.get('authorization_endpoint')
  const version = exchange.url.searchParams.get('api-version')
  if (!endpoint) throw new EntraError(90014, { parameter: 'authorization_endpoint' })
  if (version !== '1.0' && version !== '1.1') throw new EntraError(90014, { parameter: 'api-version' })
  if (!URL.canParse(endpoint)) throw new EntraError(50049)

  const { origin, host, pathname } = new URL(endpoint)
  const isOwn = host === exchange.url.host && !findCloud(host)
  if (!isOwn && !findCloud(host)) throw new EntraError(50049)
  const tenant = pathname.split('/').find(Boolean) ?? 'common'
  const isV2 = pathname.includes('/v2.0/')
  const own = { preferred_network: host, preferred_cache: host, aliases: [host] }
  return discoveryResponse({
    tenant_discovery_endpoint: `${origin}/${tenant}${isV2 ? '/v2.0' : ''}/.well-known/openid-configuration`,
    ...(version === '1.1' ? { 'api-version': version, metadata: isOwn ? [...clouds, own] : clouds } : {}),
  })
}
