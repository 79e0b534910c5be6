import type { Account } from '../Account.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { BrokerInteractiveRequest, BrokerSilentRequest } from '../ports/broker.js'
import { assert, assertSame } from './assert.js'
import type { BrokerRefusal, BrokerUnderTest } from './BrokerUnderTest.js'

/** A case before it has a broker; what `run` returns says why it does not apply. */
export interface UnboundBrokerCase {
  readonly name: string
  readonly run: (subject: BrokerUnderTest) => Promise<string | void>
}

const scopes = ['User.Read']
const [zoe, max] = ['zoe@fabrikam.example', 'max@fabrikam.example']

/** What every broker does. */
export const brokerCases: readonly UnboundBrokerCase[] = [
  {
    name: 'it is there for its client, and has a name',
    async run({ client: { broker }, client }) {
      assert(broker!.name !== '', 'it has no name')
      assert(await broker!.isAvailable(client), 'it is not available')
    },
  },
  {
    name: 'a window signs in whom the app names; afterwards no window is needed',
    async run(subject) {
      for (const username of [zoe, max]) await subject.signIn(username)
      for (const username of [max, zoe]) {
        const { account } = await signInWithWindow(subject, username)
        const { account: same } = await silently(subject, { account })
        assertSame(same?.homeAccountId, account.homeAccountId, 'the token is of another user')
      }
    },
  },
  {
    name: "a result says whose token it is, what for, until when, and that it is a broker's",
    async run(subject) {
      await subject.signIn(zoe)
      const result = await withWindow(subject, {
        loginHint: zoe,
        correlationId: '5c1e0000-0000-4000-8000-000000000001',
      })
      assert(result.accessToken !== '' && result.expiresOn instanceof Date, 'there is no token')
      assert(result.scopes.includes('User.Read'), 'the scope is not among those granted')
      const { source, tokenType, account, correlationId } = result
      assertSame(
        [source, tokenType.toLowerCase(), account?.username],
        ['broker', 'bearer', zoe],
        'the result is another',
      )
      assertSame(correlationId, '5c1e0000-0000-4000-8000-000000000001', 'the correlation id is another')
    },
  },
  {
    name: "users at the same time never get each other's tokens",
    async run(subject) {
      const accounts: Account[] = []
      for (const username of [zoe, max]) {
        await subject.signIn(username)
        accounts.push((await signInWithWindow(subject, username)).account)
      }
      const requests = Array.from({ length: 20 }, (_, index) => accounts[index % 2]!)
      const results = await Promise.all(requests.map(async (account) => silently(subject, { account })))
      assertSame(
        results.map(({ account }) => account?.homeAccountId),
        requests.map(({ homeAccountId }) => homeAccountId),
        'the tokens are of others',
      )
    },
  },
  {
    name: 'who is signed out needs a window again',
    async run(subject) {
      const { client } = subject
      await subject.signIn(zoe)
      const { account } = await signInWithWindow(subject, zoe)
      await client.broker!.removeAccount(client, account)
      const code = await codeOf(client.broker!.acquireTokenSilent(client, { scopes, account }))
      assert(code === undefined || code === 'interaction_required', `it failed with ${code}`)
      assertSame((await signInWithWindow(subject, zoe)).account.username, zoe, 'the user does not get in again')
    },
  },
  {
    name: 'what goes wrong has its code, without a window and with one',
    async run(subject) {
      const { client } = subject
      await subject.signIn(zoe)
      const { account } = await signInWithWindow(subject, zoe)
      for (const refusal of ['interaction_required', 'network_error', 'broker_error'] satisfies BrokerRefusal[]) {
        await subject.refuse(refusal)
        // A broker may keep tokens itself.
        const request = { scopes, account, forceRefresh: true }
        const code = await codeOf(client.broker!.acquireTokenSilent(client, request))
        assertSame(code, refusal, 'without a window it failed otherwise')
      }
      for (const refusal of ['user_cancelled', 'network_error', 'broker_error'] satisfies BrokerRefusal[]) {
        await subject.refuse(refusal)
        const request = { scopes, prompt: 'select_account', parentWindow: 1n }
        const code = await codeOf(client.broker!.acquireTokenInteractive(client, request))
        assertSame(code, refusal, 'with a window it failed otherwise')
      }
      await subject.refuse(undefined)
      assert((await silently(subject, { account })).accessToken, 'it does not work afterwards')
    },
  },
  {
    name: 'who gives up does not wait, and others go on',
    async run(subject) {
      const { client } = subject
      await subject.signIn(zoe)
      const { account } = await signInWithWindow(subject, zoe)
      await subject.hold()
      const [own, others] = [new AbortController(), new AbortController()]
      const given = codeOf(client.broker!.acquireTokenSilent(client, { scopes, account, signal: own.signal }))
      const waited = silently(subject, { account, signal: others.signal })
      own.abort()
      assertSame(await given, 'user_cancelled', 'it did not end')
      await subject.release()
      assertSame((await waited).account?.username, zoe, 'the other one did not go on')
    },
  },
  {
    name: 'a password is taken or refused, and is in no error',
    async run(subject) {
      const { client } = subject
      await subject.signIn(zoe, 'a right password')
      const result = await silently(subject, { username: zoe, password: 'a right password' })
      assertSame(result.account?.username, zoe, 'the token is of another user')
      const wrong = { scopes, username: zoe, password: 'a wrong password' }
      const error = await errorOf(client.broker!.acquireTokenSilent(client, wrong))
      assert(error, 'a wrong password was taken')
      const text = `${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`
      assert(!text.includes('a wrong password'), 'the password is in the error')
    },
  },
]

async function silently({ client }: BrokerUnderTest, request: BrokerSilentRequest): Promise<AuthenticationResult> {
  const result = await client.broker!.acquireTokenSilent(client, { scopes, ...request })
  assert(result, 'the broker left it to the app')
  return result
}

async function withWindow(
  { client }: BrokerUnderTest,
  request: BrokerInteractiveRequest,
): Promise<AuthenticationResult> {
  const result = await client.broker!.acquireTokenInteractive(client, { scopes, parentWindow: 1n, ...request })
  assert(result, 'the broker left it to the app')
  return result
}

async function signInWithWindow(
  subject: BrokerUnderTest,
  loginHint: string,
): Promise<AuthenticationResult & { account: Account }> {
  const result = await withWindow(subject, { loginHint })
  assertSame(result.account?.username, loginHint, 'another user is signed in')
  return { ...result, account: result.account! }
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** `undefined` where nothing failed, and the message where it is no failure of ours. */
async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = (await errorOf(promise)) as { code?: string } | undefined
  return error === undefined ? undefined : (error.code ?? String(error))
}
