import type { AuthenticationResult, BrokerSilentRequest, Client } from '@latchkey/core'
import { endpointsOf, stateOf } from '@latchkey/core/internal'
import type { BrokerQuestions } from './brokerQuestions.js'
import { cachedToken } from './cachedToken.js'

/**
 * Asks a broker for the token of an account, or for one for a name and a password.
 *
 * @param questions How it is asked.
 * @param client The client.
 * @param given What is asked for.
 * @returns The result; `undefined` where the broker does not know the account.
 * @throws {AuthError} where it says no.
 */
export async function acquireSilently(
  { ask, parameters, platform: { runtime } }: BrokerQuestions,
  client: Client,
  given: BrokerSilentRequest,
): Promise<AuthenticationResult | undefined> {
  const { account, username, password, signal } = given
  const request = { ...given, correlationId: given.correlationId ?? crypto.randomUUID() }
  const { correlationId } = request
  const endpoints = await endpointsOf(client, stateOf(client), signal)
  if (!account) {
    const credentials = { MSALRuntime_Username: username, MSALRuntime_Password: password }
    const asked = await parameters(client, endpoints, request, { additional: credentials })
    return ask(client, endpoints, request, () => runtime.signInSilently(asked, { correlationId, signal }))
  }
  const { localAccountId } = account
  if (!localAccountId) return undefined
  const renew = given.forceRefresh ? await cachedToken(client, endpoints, account, given.scopes ?? []) : undefined
  const asked = await parameters(client, endpoints, request, { accessTokenToRenew: renew })
  return ask(client, endpoints, request, () =>
    runtime.acquireTokenSilently(localAccountId, asked, { correlationId, signal }),
  )
}
