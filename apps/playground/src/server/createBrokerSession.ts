import { consoleWindow, type NativeBroker } from '@latchkey/broker-windows'
import {
  acquireTokenInteractive,
  acquireTokenSilent,
  createPublicClient,
  getAccounts,
  memoryCache,
  removeAccount,
  type Account,
  type AuthenticationResult,
  type PublicClient,
} from '@latchkey/core'
import type { Outcome, RecordedExchange } from '../scenario/Outcome.js'
import { recordExchanges } from '../scenario/recordExchanges.js'
import { showError } from '../scenario/showError.js'
import { showResult } from '../scenario/showResult.js'
import type { BrokerSettings } from './readBrokerSettings.js'

/** Sign-ins with a broker, and who is signed in. */
export interface BrokerSession {
  signIn(settings: BrokerSettings, signal: AbortSignal): Promise<Outcome>
  silent(settings: BrokerSettings, signal: AbortSignal): Promise<Outcome>
  signOut(settings: BrokerSettings): Promise<Outcome>
  /** The sign-in names. */
  accounts(settings: BrokerSettings): Promise<string[]>
}

/**
 * Makes a session: the cache lives as long as the server.
 *
 * @param broker The broker.
 * @returns The session.
 */
export function createBrokerSession(broker: NativeBroker): BrokerSession {
  const cache = memoryCache()
  const run = async (
    settings: BrokerSettings,
    work: (client: PublicClient) => Promise<AuthenticationResult | void>,
  ): Promise<Outcome> => {
    const began = performance.now()
    const exchanges: RecordedExchange[] = []
    const elapsed = (): number => performance.now() - began
    const end = (outcome: Pick<Outcome, 'result' | 'error'>): Outcome => ({
      ...{ calls: 1, failed: outcome.error ? 1 : 0, durationMs: elapsed(), inBackground: false, exchanges },
      ...outcome,
    })
    try {
      const { clientId, authority } = settings
      const recording = recordExchanges(fetch, elapsed, (exchange) => exchanges.push(exchange))
      const result = await work(createPublicClient({ clientId, authority, broker, cache, fetch: recording }))
      return end(result ? { result: showResult(result) } : {})
    } catch (error) {
      return end({ error: showError(error) })
    }
  }
  const named = async (client: PublicClient, username: string): Promise<Account | undefined> =>
    (await getAccounts(client, { username }))[0]
  return {
    signIn: async (settings, signal) =>
      run(settings, async (client) => {
        const { scopes, username, prompt } = settings
        const wishes = { loginHint: username || undefined, prompt: prompt || undefined }
        return acquireTokenInteractive(client, { scopes, ...wishes, parentWindow: consoleWindow, signal })
      }),
    silent: async (settings, signal) =>
      run(settings, async (client) => {
        const account = await named(client, settings.username)
        return acquireTokenSilent(client, { scopes: settings.scopes, account: account!, forceRefresh: true, signal })
      }),
    signOut: async (settings) =>
      run(settings, async (client) => {
        const account = await named(client, settings.username)
        if (account) await removeAccount(client, { account })
      }),
    async accounts({ clientId, authority }) {
      const accounts = await getAccounts(createPublicClient({ clientId, authority, broker, cache }))
      return accounts.map(({ username }) => username)
    },
  }
}
