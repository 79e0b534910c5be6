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
  const { authority, instanceDiscovery } = client
  const { kind, host, url } = authority
  const [cloudHost] = cloudOf(host) ?? []
  let document = `${cloudHost ? url.replace(host, cloudHost) : url}${kind === 'adfs' || kind === 'oidc' ? '' : '/v2.0'}/.well-known/openid-configuration`
  if (kind === 'entra' && instanceDiscovery && !cloudHost && !isLoopback(host)) {
    const asked = `https://${AZURE_PUBLIC}/common/discovery/instance?api-version=1.0&authorization_endpoint=${encodeURIComponent(`${url}/oauth2/v2.0/authorize`)}`
    document = required(await getObject(asked), 'tenant_discovery_endpoint', 'invalid_instance, the host is unknown; set instanceDiscovery to false if it is yours')
  }
  const found = await getObject(document)
  const unknown = `nothing at ${document}, check the tenant`
  const tokenEndpoint = required(found, 'token_endpoint', unknown)
  const issuer = String(found['issuer'] ?? url)
  if (kind === 'oidc' && !isIssuerOf(authority, issuer)) fail('its issuer is another')
  return {
    issuer,
    tokenEndpoint,
    authorizationEndpoint: required(found, 'authorization_endpoint', unknown),
    deviceAuthorizationEndpoint: optional(found, 'device_authorization_endpoint'),
    tenant: new URL(tokenEndpoint).pathname.split('/')[1]!,
  }

  /** Reads a discovery answer, from the HTTP cache within a day; an empty one where the authority has none. */
  async function getObject(url: string): Promise<Record<string, unknown>> {
    const { httpCache, now } = client
    const stored = readResponse(httpCache, url, now())
    const { status, text } =
      stored ?? (await send(client, { method: 'GET', url, headers: { accept: 'application/json' }, signal, repeatable: true }))
    if (status === 429 || status > 499) throw new AuthError('server_error', `Cannot read ${url}: status ${status}`, { status })
    const object = status === 200 ? parseObject(text) : undefined
    if (object && !stored) keepResponse(httpCache, url, { status, text }, now(), 86_400)
    return object ?? {}
  }

  function optional(document: Record<string, unknown>, name: string): string | undefined {
    const value = document[name]
    if (typeof value !== 'string') return undefined
    return isEndpointOf(authority, value) ? value : fail(`its ${name} is on another host`)
  }

  function required(document: Record<string, unknown>, name: string, reason: string): string {
    return optional(document, name) ?? fail(reason)
  }

  function fail(reason: string): never {
    throw new AuthError('invalid_authority', `Cannot use the authority ${url}: ${reason}`)
  }
}
