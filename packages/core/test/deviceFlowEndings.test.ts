import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  acquireTokenByDeviceFlow,
  clientSecret,
  createConfidentialClient,
  initiateDeviceFlow,
  type AuthError,
  type DeviceFlow,
  type PublicClient,
} from '@latchkey/core'
import { advance } from './fixtures/advance.js'
import { authority, clientId, rejection, start, type Asked } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { createUserClient, idToken, refusal, userToken } from './fixtures/userService.js'

const codes = { user_code: 'ABCD', device_code: 'DEVICE', verification_uri: 'https://microsoft.com/devicelogin' }
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A flow, and a clock that goes with the timers. */
async function begin(
  answer: (asked: Asked, poll: number) => Response | Promise<Response>,
  given: object = {},
  options: Parameters<typeof createUserClient>[1] = {},
) {
  let polls = 0
  const made = createUserClient((asked) => {
    if (asked.method !== 'POST') return undefined
    if (asked.url.endsWith('/devicecode')) return Response.json({ ...codes, expires_in: 900, interval: 5, ...given })
    return answer(asked, ++polls)
  }, options)
  const flow = await initiateDeviceFlow(made.client, { scopes: ['User.Read'] })
  return { ...made, flow, advance: (seconds: number) => advance(made.clock, seconds), polls: () => polls }
}
const pending = (): Response => refusal('authorization_pending')

describe('nothing is kept', () => {
  test.each<[string, () => Response, string]>([
    [
      'of an ID token of another audience',
      () => userToken(undefined, { id_token: idToken({ aud: 'other' }) }),
      'id_token_invalid',
    ],
    [
      'of an ID token that is over',
      () => userToken(undefined, { id_token: idToken({ exp: start - 121 }) }),
      'id_token_invalid',
    ],
    ['of a token in an error', () => userToken(undefined, { error: 'authorization_pending' }), 'signed in'],
    ['of an answer with status 201', () => new Response(userToken().body, { status: 201 }), 'invalid_response'],
    [
      'of half an answer',
      () => new Response('{"access_token":"AT"', { headers: { 'content-type': 'application/json' } }),
      'invalid_response',
    ],
    [
      'of a redirect',
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
      'invalid_response',
    ],
    ['of an answer over 1 MiB', () => userToken(undefined, { padding: 'x'.repeat(2 ** 20) }), 'invalid_response'],
  ])('%s', async (_name, answer, code) => {
    const { client, flow, cache, polls } = await begin(answer)
    const call = acquireTokenByDeviceFlow(client, { flow })
    if (code === 'signed in') {
      // RFC 6749 §5.1: status 200 is no error, whatever else is in it.
      expect(await call).toMatchObject({ accessToken: 'AT-uid-ada' })
      return
    }
    expect((await errorOf(call)).code).toBe(code)
    expect(polls()).toBe(1)
    expect(cache.serialize()).toBe('{}')
  })
})

describe('a server that talks nonsense', () => {
  test.each<[string, object, Partial<DeviceFlow>]>([
    ['an interval that is a text', { interval: '7' }, { interval: 7 }],
    ['an interval that is a word', { interval: 'soon' }, { interval: 5 }],
    ['an interval below nought', { interval: -5 }, { interval: 0 }],
    ['an interval that is a list', { interval: [7] }, { interval: 5 }],
    ['a lifetime that is a text', { expires_in: '60' }, { expiresAt: start + 60 }],
    ['a lifetime below nought', { expires_in: -60 }, { expiresAt: start + 1 }],
    ['a lifetime that is a word', { expires_in: 'long' }, { expiresAt: start + 1800 }],
    ['a message that is a list', { message: ['x'] }, { message: `Open ${codes.verification_uri} and enter ABCD` }],
    [
      'a program as the whole address',
      { verification_uri_complete: 'ms-settings:x' },
      { verificationUriComplete: undefined },
    ],
    [
      'a script as the whole address',
      { verification_uri_complete: ' javascript:alert(1)//https://x' },
      { verificationUriComplete: undefined },
    ],
  ])('with %s', async (_name, given, expected) => {
    const { flow } = await begin(pending, given)
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, flow[name as keyof DeviceFlow]]))).toEqual(
      expected,
    )
  })

  test('an interval without end does not outlive the code', async () => {
    const { client, flow, advance, polls } = await begin(pending, { interval: 1e9, expires_in: 20 })
    const call = errorOf(acquireTokenByDeviceFlow(client, { flow }))
    await advance(22)
    expect(await call).toMatchObject({ code: 'expired', cause: { error: 'authorization_pending' } })
    expect(polls()).toBe(1)
  })

  test.each<[string, () => Response]>([
    ['slow_down for ever', () => refusal('slow_down')],
    ['429 for ever', () => new Response('', { status: 429, headers: { 'retry-after': '1' } })],
    ['503 for ever', () => new Response('', { status: 503 })],
  ])('%s ends with the code', async (_name, answer) => {
    const { client, flow, advance, polls } = await begin(answer, { expires_in: 120 })
    const call = errorOf(acquireTokenByDeviceFlow(client, { flow }))
    await advance(140)
    expect((await call).code).toBe('expired')
    expect(polls()).toBeLessThan(7)
  })

  test.each<[string, number, object]>([
    ['a page', 200, {}],
    ['403', 403, { error: 'access_denied' }],
    ['500', 500, { error: 'x' }],
    ['a redirect', 302, {}],
  ])('%s does not begin a flow', async (_name, status, body) => {
    const { client } = createUserClient(() => Response.json(body, { status }))
    const error = await errorOf(initiateDeviceFlow(client, {}))
    expect(error.name).toBe('AuthError')
    expect(error.code).toBe(status === 403 ? 'access_denied' : status === 500 ? 'server_error' : 'invalid_response')
  })
})

test('a question that gets lost is asked again at its time, not at once: the code may have been redeemed', async () => {
  const { client, flow, advance, polls } = await begin(
    (_, poll) => (poll === 1 ? Promise.reject(new TypeError('fetch failed')) : userToken()),
    {},
    { maxRetries: 3 },
  )
  const call = acquireTokenByDeviceFlow(client, { flow })
  await advance(9)
  expect(polls()).toBe(1)
  await advance(1)
  expect(await call).toMatchObject({ source: 'identity_provider' })
  expect(polls()).toBe(2)
})

describe('giving up', () => {
  test('before it begins asks nothing', async () => {
    const { client, flow, polls } = await begin(pending)
    const signal = AbortSignal.abort()
    expect((await errorOf(acquireTokenByDeviceFlow(client, { flow, signal }))).code).toBe('user_cancelled')
    expect((await errorOf(initiateDeviceFlow(client, { signal }))).code).toBe('user_cancelled')
    expect(polls()).toBeLessThan(2)
  })

  test('while an answer is on its way ends at once, and takes the answer to nobody', async () => {
    let answer = (_response: Response): void => {}
    const { client, cache, flow, polls } = await begin(() => new Promise((resolve) => (answer = resolve)))
    const controller = new AbortController()
    const call = errorOf(acquireTokenByDeviceFlow(client, { flow, signal: controller.signal }))
    await until(() => polls() === 1)
    controller.abort()
    expect((await call).code).toBe('user_cancelled')
    answer(userToken())
    await vi.advanceTimersByTimeAsync(10)
    expect(cache.serialize()).toBe('{}')
  })

  test('with a reason of one’s own says so', async () => {
    const { client, flow, polls } = await begin(pending)
    const controller = new AbortController()
    const call = errorOf(acquireTokenByDeviceFlow(client, { flow, signal: controller.signal }))
    await until(() => polls() === 1)
    controller.abort(new Error('the window was closed'))
    expect(await call).toMatchObject({ code: 'user_cancelled', cause: new Error('the window was closed') })
  })

  test('before the first question asks once, as MSAL does', async () => {
    const { client, flow, advance, polls } = await begin(pending)
    flow.expiresAt = 0
    const call = errorOf(acquireTokenByDeviceFlow(client, { flow }))
    await advance(1)
    expect((await call).code).toBe('user_cancelled')
    expect(polls()).toBe(1)
  })

  test('one of two leaves the other', async () => {
    const { client, flow, advance } = await begin((_asked, poll) => (poll < 3 ? pending() : userToken()))
    const controller = new AbortController()
    const leaving = errorOf(acquireTokenByDeviceFlow(client, { flow, signal: controller.signal }))
    const staying = acquireTokenByDeviceFlow(client, { flow })
    await advance(1)
    controller.abort()
    expect((await leaving).code).toBe('user_cancelled')
    await advance(6)
    expect(await staying).toMatchObject({ source: 'identity_provider' })
  })
})

test('claims and capabilities go with the beginning and with every question', async () => {
  const asked: (string | undefined)[] = []
  const { client } = createUserClient(
    ({ url, form, method }) => {
      if (method !== 'POST') return undefined
      asked.push(form['claims'])
      return url.endsWith('/devicecode') ? Response.json(codes) : userToken()
    },
    { clientCapabilities: ['CP1'] },
  )
  const claims = '{"id_token":{"acr":null}}'
  const flow = await initiateDeviceFlow(client, { scopes: ['User.Read'], claims })
  await acquireTokenByDeviceFlow(client, { flow, claims })
  expect(asked).toHaveLength(2)
  for (const text of asked)
    expect(JSON.parse(text!)).toEqual({ id_token: { acr: null }, access_token: { xms_cc: { values: ['CP1'] } } })
})

test('one correlation id holds for the whole sign-in', async () => {
  const { client, service } = createUserClient(({ url }) =>
    url.endsWith('/devicecode') ? Response.json(codes) : undefined,
  )
  const flow = await initiateDeviceFlow(client, { scopes: ['User.Read'], correlationId: 'the-id' })
  expect(await acquireTokenByDeviceFlow(client, { flow })).toMatchObject({ correlationId: 'the-id' })
  expect(service.posts().map(({ headers }) => headers.get('client-request-id'))).toEqual(['the-id', 'the-id'])
})

test('an authority without device sign-in says so', async () => {
  const { client } = createUserClient(
    ({ method }) => {
      const issuer = 'https://id.example'
      return method === 'GET' ? Response.json({ issuer, token_endpoint: `${issuer}/token` }) : undefined
    },
    { authority: undefined, oidcAuthority: 'https://id.example' },
  )
  expect(await errorOf(initiateDeviceFlow(client, {}))).toMatchObject({
    code: 'invalid_authority',
    message: 'Cannot use the authority https://id.example: no device_authorization_endpoint',
  })
})

test('is for public clients', async () => {
  const client = createConfidentialClient({
    clientId,
    authority,
    credential: clientSecret('s'),
  }) as unknown as PublicClient
  for (const call of [initiateDeviceFlow(client, {}), acquireTokenByDeviceFlow(client, { flow: {} as DeviceFlow })])
    expect(await rejection(call)).toEqual(new TypeError('Cannot use the client: expected a public client'))
})
