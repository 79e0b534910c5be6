import { acquireTokenForClient, createConfidentialClient, type ClientCredential } from '@latchkey/core'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'

const clientId = '0f6a4f8e-2f4b-4c0e-9d3a-7b1c5e9a2d40'
const signingKey = generateSigningKey()

/** A time at which the certificates of the fixtures are valid. */
export const NOW: number = Date.UTC(2040, 0, 1)

/**
 * Gets a token with a credential, from an emulator that knows a certificate.
 *
 * @param credential The credential.
 * @param certificate The certificate that is registered for the app, in PEM.
 * @param now The time, in ms since the epoch.
 * @returns The token's type, and the client assertion's header.
 */
export async function acquireToken(
  credential: ClientCredential,
  certificate: string,
  now: number = NOW,
): Promise<{ tokenType: string; header: Record<string, unknown> }> {
  const emulator = createEmulator({ now: () => now, signingKey })
  const { authority, tenantId, scope } = emulator.defaults
  emulator.directory.addApp({ clientId, tenantId, certificates: [certificate] })
  let header: Record<string, unknown> = {}
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const [encoded = ''] = new URLSearchParams(init?.body as string).get('client_assertion')?.split('.') ?? []
    header = JSON.parse(atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))) as typeof header
    return emulator.fetch(input, init)
  }
  const client = createConfidentialClient({ clientId, authority, credential, fetch, now: () => now })
  const { tokenType } = await acquireTokenForClient(client, { scopes: [scope] })
  return { tokenType, header }
}
