import type { ConfidentialClient } from '../client/client.js'
import type { ClientState } from '../client/clientState.js'
import { variable } from '../runtime/environment.js'
import { send } from '../http/send.js'
import type { Endpoints } from './endpoints.js'
import { isRegion } from './isRegion.js'

/**
 * Gives the region's own token endpoint, for app tokens of clients that want it.
 *
 * @param client Whose `azureRegion` and environment.
 * @param state Remembers what was found out.
 * @param endpoints The central endpoints.
 * @param signal Ends the waiting.
 * @returns The endpoint: the central one where no region is wanted or found.
 */
export async function regionalTokenEndpoint(
  client: ConfidentialClient,
  state: ClientState,
  { metadata }: Endpoints,
  signal: AbortSignal,
): Promise<string> {
  const { azureRegion, env, authority } = client
  const wanted = azureRegion ?? variable(env, 'MSAL_FORCE_REGION')
  const url = new URL(metadata.token_endpoint)
  if (wanted && authority.kind === 'entra') {
    const named = variable(env, 'REGION_NAME')?.replaceAll(' ', '').toLowerCase()
    const region = wanted === true ? (state.region ??= named || (await probe(client, signal))) : wanted
    if (isRegion(region))
      url.hostname = `${region}.${url.hostname.replace('login.microsoftonline.com', 'login.microsoft.com')}`
  }
  return url.href
}

/** Asks the virtual machine's metadata service: where there is one it answers at once. */
function probe(client: ConfidentialClient, signal: AbortSignal): Promise<string> {
  const url = 'http://169.254.169.254/metadata/instance/compute/location?format=text&api-version=2021-01-01'
  return send(client, { method: 'GET', url, headers: { metadata: 'true' }, timeout: 1000, signal }).then(
    ({ status, text }) => (status === 200 ? text.trim() : ''),
    (error: unknown) => {
      if (signal.aborted) throw error
      return ''
    },
  )
}
