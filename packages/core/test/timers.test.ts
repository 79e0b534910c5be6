import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  acquireTokenByAuthorizationCode,
  acquireTokenByRefreshToken,
  acquireTokenByUsernamePassword,
  acquireTokenForClient,
  acquireTokenOnBehalfOf,
  initiateDeviceFlow,
  type ConfidentialClient,
  type PublicClient,
} from '@latchkey/core'
import { rejection } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { createUserClient, createWebApp, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const operations: [
  string,
  (clients: { user: PublicClient; app: ConfidentialClient }, signal: AbortSignal) => Promise<unknown>,
][] = [
  ['acquireTokenForClient', ({ app }, signal) => acquireTokenForClient(app, { scopes, signal })],
  ['acquireTokenOnBehalfOf', ({ app }, signal) => acquireTokenOnBehalfOf(app, { scopes, userAssertion: 'a', signal })],
  [
    'acquireTokenByRefreshToken',
    ({ user }, signal) => acquireTokenByRefreshToken(user, { scopes, refreshToken: 'r', signal }),
  ],
  [
    'acquireTokenByAuthorizationCode',
    ({ user }, signal) => acquireTokenByAuthorizationCode(user, { scopes, code: 'c', signal }),
  ],
  [
    'acquireTokenByUsernamePassword',
    ({ user }, signal) => acquireTokenByUsernamePassword(user, { scopes, username: 'a', password: 'b', signal }),
  ],
  ['initiateDeviceFlow', ({ user }, signal) => initiateDeviceFlow(user, { scopes, signal })],
]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

type Answer = () => Response | Promise<Response>
function create(answer: Answer, maxRetries: number) {
  const respond = ({ url }: { url: string }) => (url.includes('userrealm') ? Response.json({}) : answer())
  return { user: createUserClient(respond, { maxRetries }).client, app: createWebApp(respond, { maxRetries }).client }
}

test.each(
  operations.flatMap(([name, call]) =>
    [
      ['a token', () => userToken()],
      ['a refusal', () => refusal('invalid_grant')],
      ['503', () => new Response('', { status: 503 })],
      ['a page', () => new Response('<html>')],
      ['a bad ID token', () => userToken(undefined, { id_token: idToken({ aud: 'x' }) })],
      ['a reset', () => Promise.reject(new TypeError('fetch failed'))],
    ].map(([what, answer]) => ({ name, what: what as string, call, answer: answer as Answer })),
  ),
)('$name leaves no timer after $what', async ({ call, answer }) => {
  await call(create(answer, 0), new AbortController().signal).catch(() => {})
  expect(vi.getTimerCount()).toBe(0)
})

test.each(operations)('%s leaves no timer when it is given up', async (_name, call) => {
  let isAsked = false
  const answer = (): Promise<Response> => {
    isAsked = true
    return new Promise(() => {})
  }
  const controller = new AbortController()
  const calling = rejection(call(create(answer, 0), controller.signal))
  await until(() => isAsked)
  controller.abort()
  expect(await calling).toMatchObject({ code: 'user_cancelled' })
  expect(vi.getTimerCount()).toBe(0)
})

test.each(operations)('%s leaves no timer when it is given up before the next try', async (name, call) => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const clients = create(() => new Response('', { status: 503, headers: { 'retry-after': '2' } }), 1)
  const controller = new AbortController()
  const calling = rejection(call(clients, controller.signal))
  // A code is not redeemed a second time.
  const hasNext = name !== 'acquireTokenByAuthorizationCode'
  if (hasNext) await until(() => timers.mock.calls.some(([, delay]) => delay === 2000))
  controller.abort()
  expect(await calling).toMatchObject({ code: hasNext ? 'user_cancelled' : expect.any(String) })
  await until(() => true)
  expect(vi.getTimerCount()).toBe(0)
})
