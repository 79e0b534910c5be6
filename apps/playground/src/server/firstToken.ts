import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
import type { Emulator } from '@latchkey/emulator'
import { showResult } from '../scenario/showResult.js'
import type { ShownResult } from '../scenario/Outcome.js'

/**
 * Acquires an app token from the emulator.
 *
 * @param emulator The emulator.
 * @returns The result, its token cut.
 */
export async function firstToken({ defaults, fetch }: Emulator): Promise<ShownResult> {
  const { authority, clientId, scope } = defaults
  const client = createConfidentialClient({
    clientId,
    authority,
    credential: clientSecret(defaults.clientSecret),
    fetch,
  })
  return showResult(await acquireTokenForClient(client, { scopes: [scope] }))
}
