import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { acquireTokenByDeviceFlow, initiateDeviceFlow, type AuthError, type DeviceFlow } from '@latchkey/core'
import { advance } from './fixtures/advance.js'
import { rejection, start, type Asked } from './fixtures/tokenService.js'
import { createUserClient, refusal, userToken } from './fixtures/userService.js'

const codes = {
  user_code: 'ABCD',
  device_code: 'DEVICE-CODE-SECRET',
  verification_uri: 'https://microsoft.com/devicelogin',
  expires_in: 900,
  interval: 5,
}
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A flow whose polls are answered one after the other, and who counts the seconds. */
async function begin(answers: ((asked: Asked) => Response | Promise<Response>)[], given: object = codes) {
  const polls: number[] = []
  const made = createUserClient((asked) => {
    if (asked.url.endsWith('/devicecode')) return Response.json(given)
    if (asked.method !== 'POST') return undefined
    polls.push(made.clock.seconds - start)
    return (answers[polls.length - 1] ?? answers.at(-1)!)(asked)
  })
  const flow = await initiateDeviceFlow(made.client, { scopes: ['User.Read'] })
  return { ...made, flow, polls, advance: (seconds: number) => advance(made.clock, seconds) }
}
const pending = () => refusal('authorization_pending')
const good = () => userToken()
const codeOf = async (call: Promise<unknown>): Promise<string> => ((await rejection(call)) as AuthError).code

test('asks at once, then every interval, more slowly for good where the server wants that', async () => {
  const { client, flow, polls, advance, service } = await begin([
    pending,
    pending,
    () => refusal('slow_down'),
    pending,
    good,
  ])
  const call = acquireTokenByDeviceFlow(client, { flow })
  await advance(40)
  expect(await call).toMatchObject({ account: { accountSource: 'urn:ietf:params:oauth:grant-type:device_code' } })
  expect(polls).toEqual([0, 5, 10, 20, 30])
  expect(flow.interval).toBe(10)
  const [first] = service.posts().filter(({ form }) => form['grant_type'])
  expect(first?.form).toMatchObject({ code: codes.device_code, device_code: codes.device_code })
  expect(first?.form).not.toHaveProperty('scope')
  // Waiting is no failure that Entra would have to be told of.
  expect(service.posts().at(-1)?.headers.get('x-client-last-telemetry')).toBe('4|0|||')
})

test.each<[name: string, answer: () => Response | Promise<Response>]>([
  ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
  ['a server that fails', () => new Response('', { status: 503 })],
  ['a server that wants fewer requests', () => new Response('', { status: 429, headers: { 'retry-after': '3' } })],
])('goes on after %s, more slowly', async (_name, answer) => {
  const { client, flow, advance } = await begin([pending, answer, good])
  const call = acquireTokenByDeviceFlow(client, { flow })
  await advance(300)
  expect(await call).toHaveProperty('accessToken')
})

test.each<[said: string, code: string]>([
  ['expired_token', 'expired'],
  ['code_expired', 'expired'],
  ['authorization_declined', 'access_denied'],
  ['access_denied', 'access_denied'],
  ['invalid_client', 'invalid_client'],
  ['invalid_grant', 'invalid_grant'],
  ['nonsense', 'server_error'],
])('ends when the server says %s', async (said, code) => {
  const { client, flow, polls } = await begin([() => refusal(said)])
  expect(await codeOf(acquireTokenByDeviceFlow(client, { flow }))).toBe(code)
  expect(polls).toHaveLength(1)
})

test.each<[name: string, answer: () => Response]>([
  ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  ['no token', () => Response.json({ token_type: 'Bearer' })],
  ['a list', () => Response.json([])],
])('ends when the server says %s', async (_name, answer) => {
  const { client, flow } = await begin([answer])
  expect(await codeOf(acquireTokenByDeviceFlow(client, { flow }))).toBe('invalid_response')
})

test('ends when nobody came in time', async () => {
  const { client, flow, advance } = await begin([pending], { ...codes, expires_in: 12 })
  const call = codeOf(acquireTokenByDeviceFlow(client, { flow }))
  await advance(14)
  expect(await call).toBe('expired')
})

test('ends within a second when the flow is given up', async () => {
  const { client, flow, advance } = await begin([pending])
  const call = codeOf(acquireTokenByDeviceFlow(client, { flow }))
  await advance(2)
  flow.expiresAt = 0
  await advance(1)
  expect(await call).toBe('user_cancelled')
})

test.each([0, 2.5])('ends at once when the signal is aborted after %d s', async (seconds) => {
  const { client, flow, advance } = await begin([pending])
  const controller = new AbortController()
  const call = codeOf(acquireTokenByDeviceFlow(client, { flow, signal: controller.signal }))
  await advance(seconds)
  controller.abort()
  expect(await call).toBe('user_cancelled')
})

test('does not ask in a hurry, whatever the server says', async () => {
  const { client, flow, polls, advance } = await begin([pending, pending, good], { ...codes, interval: 0 })
  const call = acquireTokenByDeviceFlow(client, { flow })
  await advance(3)
  await call
  expect(polls).toEqual([0, 1, 2])
})

test.each<[name: string, given: object, code: string]>([
  ['nothing', {}, 'invalid_response'],
  ['no device code', { ...codes, device_code: undefined }, 'invalid_response'],
  ['a program as the address', { ...codes, verification_uri: 'file:///bin/sh' }, 'invalid_response'],
  ['a script as the address', { ...codes, verification_uri: 'javascript:alert(1)' }, 'invalid_response'],
  ['a number as the code', { ...codes, user_code: 5 }, 'invalid_response'],
])('does not begin with %s', async (_name, given, code) => {
  expect(await codeOf(begin([], given))).toBe(code)
})

test('begins with the server’s own defaults, and with a sentence for the user', async () => {
  const { user_code, device_code, verification_uri } = codes
  const { flow } = await begin([], { user_code, device_code, verification_uri })
  expect(flow).toMatchObject({
    interval: 5,
    expiresAt: start + 1800,
    message: `Open ${verification_uri} and enter ${user_code}`,
  })
  expect(JSON.parse(JSON.stringify(flow))).toEqual(flow)
})

test('the server’s refusal to begin is told', async () => {
  const { client } = createUserClient(({ url }) =>
    url.endsWith('/devicecode') ? refusal('unauthorized_client') : undefined,
  )
  expect(await codeOf(initiateDeviceFlow(client, {}))).toBe('unauthorized_client')
})

test('a flow that is none is a mistake of the program', async () => {
  const { client } = createUserClient()
  for (const flow of [undefined, null, {}, 'text'])
    expect(await rejection(acquireTokenByDeviceFlow(client, { flow: flow as DeviceFlow }))).toBeInstanceOf(TypeError)
})
