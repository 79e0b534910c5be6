import {
  acquireTokenByDeviceFlow,
  acquireTokenByUsernamePassword,
  acquireTokenForClient,
  acquireTokenInteractive,
  clientSecret,
  createConfidentialClient,
  createPublicClient,
  initiateDeviceFlow,
  type AuthenticationResult,
  type TokenScheme,
} from '@latchkey/core'
import { popup } from '@latchkey/core/popup'
import type { EmulatorDefaults } from '../emulatorDefaults.js'

/** The flows of this page. */
export type Way = 'app' | 'password' | 'device' | 'popup'

/**
 * Makes what acquires a token by each of the page's flows.
 *
 * @param defaults The emulator's apps and user.
 * @param fetch What sends the requests.
 * @param showCode Is given the address and the code of a device flow.
 * @returns Acquires a token: by a flow, bound or not, until the signal is aborted.
 */
export function createAcquire(
  defaults: EmulatorDefaults,
  fetch: typeof globalThis.fetch,
  showCode: (address: string, code: string) => void,
): (way: Way, scheme: TokenScheme | undefined, signal: AbortSignal) => Promise<AuthenticationResult> {
  const { clientId, clientSecret: secret, publicClientId, username, password, scope } = defaults
  const surroundings = { authority: `${location.origin}/${defaults.tenantId}`, fetch, appName: 'playground' }
  const app = createConfidentialClient({ ...surroundings, clientId, credential: clientSecret(secret) })
  const client = createPublicClient({ ...surroundings, clientId: publicClientId })
  const scopes = ['User.Read']
  return async (way, scheme, signal) => {
    if (way === 'app') return acquireTokenForClient(app, { scopes: [scope], scheme, signal })
    if (way === 'password')
      return acquireTokenByUsernamePassword(client, { username, password, scopes, scheme, signal })
    if (way === 'device') {
      const flow = await initiateDeviceFlow(client, { scopes, signal })
      showCode(flow.verificationUri, flow.userCode)
      return acquireTokenByDeviceFlow(client, { flow, scheme, signal })
    }
    const interaction = popup({ redirectUri: `${location.origin}/receiver.html` })
    return acquireTokenInteractive(client, { scopes, loginHint: username, interaction, scheme, signal })
  }
}
