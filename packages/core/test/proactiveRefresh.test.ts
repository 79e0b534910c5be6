import { afterEach, describe, expect, test, vi } from 'vitest'
import { acquireTokenForClient, type ConfidentialClientOptions } from '@latchkey/core'
import {
  createClient,
  createClock,
  createService,
  rejection,
  scopes,
  settle,
  start,
  token,
} from './fixtures/tokenService.js'

afterEach(() => vi.unstubAllGlobals())

/** A client whose cached token, the first, is due for refresh. */
async function createAging(
  later: () => Response | Promise<Response>,
  options: Partial<ConfidentialClientOptions> = {},
) {
  const service = createService((_, index) =>
    index === 0 ? token({ access_token: 'AT-1', expires_in: 86_400, refresh_in: 43_200 }) : later(),
  )
  const clock = createClock()
  const client = createClient(service, { now: clock.now, ...options })
  const first = await acquireTokenForClient(client, { scopes })
  clock.seconds += 43_201
  return { service, clock, client, first }
}

const renewed = () => token({ access_token: 'AT-2', expires_in: 86_400, refresh_in: 43_200 })
const failures: [string, () => Response][] = [
  ['a 500', () => Response.json({ error: 'server_error' }, { status: 500 })],
  ['a 429', () => Response.json({ error: 'temporarily_unavailable' }, { status: 429 })],
  ['a refusal', () => Response.json({ error: 'invalid_client' }, { status: 401 })],
  ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
  [
    'a reset',
    () => {
      throw new TypeError('fetch failed')
    },
  ],
]

test('refreshOn is what the server advised', async () => {
  const { first } = await createAging(renewed)
  expect(first.refreshOn).toEqual(new Date((start + 43_200) * 1000))
})

test.each([
  [43_199, 1],
  [43_200, 1],
  [43_201, 2],
])('%i s after a token with refresh_in 43,200 there were %i requests', async (seconds, requests) => {
  const { service, clock, client } = await createAging(renewed)
  clock.seconds = start + seconds
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-1', source: 'cache' })
  await settle()
  expect(service.requests).toHaveLength(requests)
})

test('an aging token is returned at once while exactly one refresh runs', async () => {
  const answer = Promise.withResolvers<Response>()
  const { service, client } = await createAging(() => answer.promise)
  const results = await Promise.all(Array.from({ length: 50 }, () => acquireTokenForClient(client, { scopes })))
  for (const result of results) expect(result).toMatchObject({ accessToken: 'AT-1', source: 'cache' })
  await settle()
  expect(service.requests).toHaveLength(2)
  answer.resolve(renewed())
  await settle()
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-2', source: 'cache' })
  expect(service.requests).toHaveLength(2)
  expect(service.requests[1]?.headers.get('x-client-current-telemetry')).toBe('4|730,4|')
})

test('a caller who leaves does not end the refresh', async () => {
  const answer = Promise.withResolvers<Response>()
  const { service, client } = await createAging(() => answer.promise)
  const controller = new AbortController()
  await acquireTokenForClient(client, { scopes, signal: controller.signal })
  await settle()
  controller.abort()
  expect(service.requests[1]?.signal?.aborted).toBe(false)
  answer.resolve(renewed())
  await settle()
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-2' })
})

describe('waitUntil', () => {
  test.each(['of the call', 'of the client'])('%s gets the refresh', async (whose) => {
    const kept: Promise<unknown>[] = []
    const waitUntil = (promise: Promise<unknown>): void => void kept.push(promise)
    const { client } = await createAging(renewed, whose === 'of the client' ? { waitUntil } : {})
    const options = whose === 'of the call' ? { scopes, waitUntil } : { scopes }
    expect(await acquireTokenForClient(client, options)).toMatchObject({ accessToken: 'AT-1' })
    expect(kept).toHaveLength(1)
    await kept[0]
    expect(await acquireTokenForClient(client, options)).toMatchObject({ accessToken: 'AT-2', source: 'cache' })
    expect(kept).toHaveLength(1)
  })

  test('gets a promise that never rejects', async () => {
    const kept: Promise<unknown>[] = []
    const { client } = await createAging(() => Response.json({ error: 'invalid_client' }, { status: 401 }))
    await acquireTokenForClient(client, { scopes, waitUntil: (promise) => void kept.push(promise) })
    await expect(kept[0]).resolves.toBeDefined()
  })
})

describe.each(failures)('after %s', (_, later) => {
  test('the token serves on, nobody is bothered, and the logger is told', async () => {
    const lines: string[] = []
    const rejections: unknown[] = []
    const listen = (reason: unknown): void => void rejections.push(reason)
    process.on('unhandledRejection', listen)
    const { client } = await createAging(later, { logger: (level, message) => lines.push(`${level} ${message}`) })
    for (let call = 1; call <= 2; call++) {
      expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-1', source: 'cache' })
      await vi.waitFor(() => expect(lines).toHaveLength(call))
    }
    await settle()
    process.off('unhandledRejection', listen)
    expect(rejections).toEqual([])
    for (const line of lines) expect(line).toMatch(/^warn .*refresh.*AuthError/)
  })

  test('the token serves no longer than it is good', async () => {
    const { clock, client } = await createAging(later)
    clock.seconds = start + 86_400 - 299
    expect(await rejection(acquireTokenForClient(client, { scopes }))).toHaveProperty('code')
  })
})

describe.each(['WebSocketPair', 'EdgeRuntime'])('where work after the response is cut off (%s)', (name) => {
  const enter = (): void => void vi.stubGlobal(name, 'there')

  test('the call waits for the refresh', async () => {
    const { service, client } = await createAging(renewed)
    enter()
    const results = await Promise.all(Array.from({ length: 10 }, () => acquireTokenForClient(client, { scopes })))
    for (const result of results) expect(result).toMatchObject({ accessToken: 'AT-2', source: 'identity_provider' })
    expect(service.requests).toHaveLength(2)
  })

  test('waitUntil keeps it in the background', async () => {
    const kept: Promise<unknown>[] = []
    const { client } = await createAging(renewed)
    enter()
    const waitUntil = (promise: Promise<unknown>): void => void kept.push(promise)
    expect(await acquireTokenForClient(client, { scopes, waitUntil })).toMatchObject({ accessToken: 'AT-1' })
    await Promise.all(kept)
    expect(await acquireTokenForClient(client, { scopes, waitUntil })).toMatchObject({ accessToken: 'AT-2' })
  })

  test.each(failures)('the old token is returned after %s', async (_, later) => {
    const { client } = await createAging(later)
    enter()
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ accessToken: 'AT-1', source: 'cache' })
  })

  test('a caller can leave', async () => {
    const { client } = await createAging(() => new Promise(() => {}))
    enter()
    const controller = new AbortController()
    const leaving = rejection(acquireTokenForClient(client, { scopes, signal: controller.signal }))
    await settle()
    controller.abort()
    expect(await leaving).toMatchObject({ code: 'user_cancelled' })
  })
})
