import type { BrokerRequest, Client } from '@latchkey/core'
import { claimsParameter, senderHeaders, type Endpoints } from '@latchkey/core/internal'
import type { MsalRuntimeParameters } from '../MsalRuntime.js'

/** What the broker's own way of asking adds. */
export interface ParameterOptions {
  readonly redirectUri?: string | undefined
  readonly msaPassthrough?: boolean | undefined
  readonly accessTokenToRenew?: string | undefined
  /** Further parameters; what is undefined is left out. */
  readonly additional?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * Makes the library's parameters of a request.
 *
 * @param client The client.
 * @param endpoints The authority's, its tenant among them.
 * @param request What is asked for.
 * @param options What the broker adds.
 * @returns The parameters.
 * @throws {TypeError} when the claims or the URL to sign are none.
 */
export async function requestParameters(
  client: Client,
  { tenant, metadata }: Endpoints,
  { scopes = [], claims, scheme }: BrokerRequest,
  { redirectUri, msaPassthrough, accessTokenToRenew, additional }: ParameterOptions,
): Promise<MsalRuntimeParameters> {
  const { clientId, authority, instanceDiscovery, clientCapabilities } = client
  const sender = senderHeaders(client)
  const signs = scheme?.request
  const url = signs && new URL(signs.url)
  const binding = signs ? undefined : await scheme?.binding()
  const bound =
    binding && (await scheme?.bind({ method: 'POST', url: metadata.token_endpoint, keyId: binding.key_id }))?.parameters
  const all = {
    msal_client_sku: sender['x-client-sku'],
    msal_client_ver: sender['x-client-ver'],
    validateAuthority: instanceDiscovery ? undefined : 'no',
    msal_request_type: msaPassthrough && binding?.token_type !== 'ssh-cert' ? 'consumer_passthrough' : undefined,
    ...(binding && { key_id: binding.key_id }),
    ...bound,
    ...additional,
  }
  return {
    clientId,
    authority: `https://${authority.host}/${tenant}`,
    scopes,
    redirectUri,
    claims: claimsParameter(clientCapabilities, claims).claims,
    accessTokenToRenew,
    pop: signs && url && { method: signs.method, host: url.host, path: url.pathname, nonce: signs.nonce ?? '' },
    additional: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  }
}
