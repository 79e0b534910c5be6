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
  const entra = kind === 'entra'
  let document = `${cloudHost ? url.replace(host, cloudHost) : url}${entra || /b2c|ciam/.test(kind) ? '/v2.0' : ''}/.well-known/openid-configuration`
  if (entra && instanceDiscovery && !cloudHost && !isLoopback(host)) {
    const asked = encodeURIComponent(`${url}/oauth2/v2.0/authorize`)
    const instance = await getObject(
      `https://${AZURE_PUBLIC}/common/discovery/instance?api-version=1.0&authorization_endpoint=${asked}`,
    )
    document = endpoint(
      instance,
      'tenant_discovery_endpoint',
      'invalid_instance; if you trust it, set instanceDiscovery: false',
    )
  }
  const metadata = await getObject(document)
  const tokenEndpoint = endpoint(metadata, 'token_endpoint', `nothing at ${document}`)
  const issuer = `${metadata['issuer']}`
  if (kind === 'oidc' && !isIssuerOf(authority, issuer)) fail('another issuer')
  return {
    metadata: { ...metadata, issuer, token_endpoint: tokenEndpoint },
    tenant: new URL(tokenEndpoint).pathname.split('/')[1]!,
  }

  /** Reads a discovery answer, from the HTTP cache within a day; an empty one where the authority has none. */
  async function getObject(url: string): Promise<Record<string, unknown>> {
    const stored = readResponse(httpCache, url, now())
    const { status, text } =
      stored ?? (await send(client, { method: 'GET', url, headers: { accept: 'application/json' }, signal }))
    if (status === 429 || status > 499)
      throw new AuthError('server_error', `Cannot reach ${host}: status ${status}`, { status })
    const object = status === 200 ? parseObject(text) : undefined
    if (object && !stored) keepResponse(httpCache, url, { status, text }, now(), 86_400)
    return object ?? {}
  }

  function endpoint(document: Record<string, unknown>, name: string, reason: string): string {
    const value = document[name]
    if (typeof value !== 'string') fail(reason)
    if (!isEndpointOf(authority, value)) fail(`${name} elsewhere`)
    return value
  }

  function fail(reason: string): never {
    throw new AuthError('invalid_authority', `Cannot use the authority ${url}: ${reason}`)
  }
}
