import type { Client } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import { acquireInteractively } from './acquireInteractively.js'
import { acquireSilently } from './acquireSilently.js'
import { availability } from './availability.js'
import type { BrokerOptions } from './BrokerOptions.js'
import type { BrokerPlatform } from './BrokerPlatform.js'
import { brokerQuestions, isMissing } from './brokerQuestions.js'
import type { NativeBroker } from './NativeBroker.js'
import { windowHandle } from './windowHandle.js'

/**
 * Makes a broker of what an operating system has of its own: when it is asked and when not, what it is asked, what becomes of the
 * answer.
 *
 * @param platform The operating system's own.
 * @param options The app's wishes.
 * @returns The broker.
 * @throws {TypeError} when an option is wrong.
 */
export function createBroker(platform: BrokerPlatform, options: BrokerOptions = {}): NativeBroker {
  const { policy = 'prefer', msaPassthrough = false } = options
  expect(/^(prefer|require|never)$/.test(policy), 'policy', 'prefer, require or never')
  expect(typeof msaPassthrough === 'boolean', 'msaPassthrough', 'true or false')
  const { name, runtime } = platform
  const { look, status, enter } = availability(platform, policy)
  const questions = brokerQuestions(platform, msaPassthrough)

  /** Tells what a broker that turned out to be missing means; `false` to go on without it. */
  const leave = (client: Client, interaction?: Parameters<typeof enter>[2]): undefined => {
    const nextStep = 'Install the broker and enrol this device'
    questions.refusal = { state: 'not_installed', message: 'the library does not find it', nextStep }
    enter(client, questions.refusal, interaction)
  }

  return {
    name,
    async status(client) {
      const now = await status(client)
      return now.state === 'available' ? (questions.refusal ?? now) : now
    },
    isAvailable: async (client) => (await status(client)).state === 'available',
    async acquireTokenSilent(client, request) {
      const { account } = request
      // Who signed in another way has refresh tokens, and is not known to the broker.
      if (account && !/^(broker)?$/.test(account.accountSource ?? '')) return undefined
      if (!enter(client, await status(client))) return undefined
      try {
        return await acquireSilently(questions, client, request)
      } catch (error) {
        if (isMissing(error)) return leave(client)
        if (!account || account.accountSource || request.signal?.aborted) throw error
        const text = `Cannot get a token with ${name}; going on with what the cache has: ${String(error)}`
        client.logger?.('info', text, { broker: name })
        return undefined
      }
    },
    async acquireTokenInteractive(client, request) {
      const { parentWindow } = request
      const interaction = { given: request.interaction }
      const seen = await look(client)
      if (seen) return void enter(client, seen, interaction)
      expect(
        parentWindow !== undefined && parentWindow !== null,
        'parentWindow',
        'a native window handle; consoleWindow for programs without a window',
      )
      const handle = windowHandle(parentWindow)
      if (!enter(client, await status(client), interaction)) return undefined
      try {
        return await acquireInteractively(questions, client, request, handle)
      } catch (error) {
        if (isMissing(error)) return leave(client, interaction)
        throw error
      }
    },
    async removeAccount(client, { localAccountId }) {
      if (!localAccountId || (await status(client)).state !== 'available') return
      try {
        await runtime.signOut(client.clientId, localAccountId, { correlationId: crypto.randomUUID() })
      } catch (error) {
        client.logger?.('warn', `Cannot sign out with ${name}: ${String(error)}`)
      }
    },
  }
}
