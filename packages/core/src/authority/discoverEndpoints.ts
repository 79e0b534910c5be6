import { AuthError } from '../AuthError.js'
import type { Client } from '../client/client.js'
import { keepResponse, readResponse } from '../http/httpCache.js'
import { send } from '../http/send.js'
import { parseObject } from '../json/parseObject.js'
import { AZURE_PUBLIC, cloudOf } from './clouds.js'
import type { Endpoints } from './endpoints.js'
import { isLoopback } from './parseAuthority.js'
import { isEndpointOf, isIssuerOf } from './trust.js'

/**
 * Asks an authority for its endpoints (OpenID Connect Discovery 1.0 §4), and Microsoft about the host first where it is unknown.
 *
 * @param client Whose authority.
 * @param signal Ends the waiting.
 * @returns The endpoints.
 * @throws {AuthError} `invalid_authority` when there is no such tenant or issuer, or the document names endpoints that are not
 * the authority's; or what {@link send} throws.
 */
export async function discoverEndpoints(client: Client, signal: AbortSignal): Promise<Endpoints> {
  const { authority, instanceDiscovery, httpCache, now } = client
  const { kind, host, url } = authority
  const [cloudHost] = cloudOf(host) ?? []
  let document = `${cloudHost ? url.replace(host, cloudHost) : url}${/adfs|oidc/.test(kind) ? '' : '/v2.0'}/.well-known/openid-configuration`
  if (kind === 'entra' && instanceDiscovery && !cloudHost && !isLoopback(host)) {
    const asked = encodeURIComponent(`${url}/oauth2/v2.0/authorize`)
    const { endpoint } = await getDocument(
      `https://${AZURE_PUBLIC}/common/discovery/instance?api-version=1.0&authorization_endpoint=${asked}`,
      'tenant_discovery_endpoint',
      'invalid_instance; see instanceDiscovery',
    )
    document = endpoint
  }
  const { object, endpoint } = await getDocument(document, 'token_endpoint', `nothing at ${document}`)
  return {
    metadata: { ...object, issuer: `${object['issuer']}`, token_endpoint: endpoint },
    tenant: new URL(endpoint).pathname.split('/')[1]!,
  }

  /** Reads a discovery document and the endpoint that it is asked for; within a day from the HTTP cache, if it was good. */
  async function getDocument(url: string, name: string, reason: string) {
    const stored = readResponse(httpCache, url, now())
    const { status, text } =
      stored ?? (await send(client, { method: 'GET', url, headers: { accept: 'application/json' }, signal }))
    if (status === 429 || status > 499)
      throw new AuthError('server_error', `Cannot reach ${host}: status ${status}`, { status })
    const object = (status === 200 && parseObject(text)) || {}
    const endpoint = object[name]
    if (typeof endpoint !== 'string') fail(reason)
    if (!isEndpointOf(authority, endpoint)) fail(`${name} elsewhere`)
    if (kind === 'oidc' && !isIssuerOf(authority, `${object['issuer']}`)) fail('issuer elsewhere')
    if (!stored) keepResponse(httpCache, url, { status, text }, now(), 86_400)
    return { object, endpoint }
  }

  function fail(reason: string): never {
    throw new AuthError('invalid_authority', `Cannot use the authority ${url}: ${reason}`)
  }
}
