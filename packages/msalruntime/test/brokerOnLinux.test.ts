import { randomUUID } from 'node:crypto'
import { createPublicClient, memoryCache, type Client } from '@latchkey/core'
import { brokerContract, type BrokerRefusal } from '@latchkey/core/testing'
import { createBroker, createMsalRuntime, redirectUriFor, type BrokerPlatform } from '@latchkey/msalruntime'
import { afterAll, describe, test } from 'vitest'
import { doubleAccount } from '../../../tools/nativeBroker/doubleAccount.ts'
import { refusal, tokensFor } from '../../../tools/nativeBroker/doubleAnswers.ts'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()
const runtime = createMsalRuntime({ libraryPath: native.library })
afterAll(() => runtime.stop())

const redirectUri = (clientId: string): string => redirectUriFor('linux', { clientId })
const platform: BrokerPlatform = {
  name: 'the double',
  runtime,
  check: () => undefined,
  redirectUri,
  namesRedirectUriSilently: true,
  redirectUrisToRegister: (clientId) => [redirectUri(clientId)],
  consoleWindow: () => 1n,
}
const statuses = {
  interaction_required: 'InteractionRequired',
  user_cancelled: 'UserCanceled',
  network_error: 'NoNetwork',
  broker_error: 'Unexpected',
} as const

describe.skipIf(native.reason)(native.title('a broker on the real MSALRuntime'), () => {
  const create = () => {
    const { broker: double } = native
    double.reset()
    double.accounts.length = 0
    const client: Client = createPublicClient({
      clientId: randomUUID(),
      authority: 'https://login.microsoftonline.com/organizations',
      broker: createBroker(platform),
      cache: memoryCache(),
    })
    let letGo: (() => void) | undefined
    return {
      client,
      signIn(username: string, password?: string) {
        double.accounts.push(doubleAccount({ username }))
        if (password) double.passwords.set(username, password)
      },
      refuse(what: BrokerRefusal | undefined) {
        if (!what) return double.reset()
        for (const member of ['acquireTokenSilently', 'acquireTokenInteractively'])
          double.answer(member, () => refusal(statuses[what]))
      },
      hold() {
        const held = new Promise<void>((resolve) => (letGo = resolve))
        double.answer('acquireTokenSilently', async (call) => {
          await held
          return tokensFor(call, double.accounts[0]!)
        })
      },
      release: () => letGo?.(),
    }
  }
  for (const { name, run } of brokerContract(create)) test(name, ({ skip }) => run(skip))
})
