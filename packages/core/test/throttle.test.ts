import { describe, expect, test } from 'vitest'
import { acquireTokenForClient, clientAssertion, type ConfidentialClientOptions } from '@latchkey/core'
import {
  authority,
  createClient,
  createClock,
  createService,
  rejection,
  scopes,
  secret,
  start,
  tenantId,
} from './fixtures/tokenService.js'

type Answer = () => Response
const refusal =
  (status: number, headers: Record<string, string> = {}): Answer =>
  () =>
    Response.json({ error: 'invalid_client', error_description: `AADSTS7000215: ${status}` }, { status, headers })

/** A client whose first token request is refused. */
async function refused(answer: Answer, options: Partial<ConfidentialClientOptions> = {}) {
  const clock = createClock()
  const httpCache = new Map<string, unknown>()
  const service = createService(({ method }, index) => (method === 'POST' && index === 0 ? answer() : undefined))
  const client = createClient(service, { now: clock.now, httpCache, ...options })
  const error = await rejection(acquireTokenForClient(client, { scopes }))
  const requestsAfter = async (seconds: number, options: Partial<Parameters<typeof acquireTokenForClient>[1]> = {}) => {
    const before = service.requests.length
    clock.seconds = start + seconds
    await acquireTokenForClient(client, { scopes, ...options }).catch(() => {})
    return service.requests.length - before
  }
  return { clock, httpCache, service, client, error, requestsAfter }
}

describe('the same request is not sent again', () => {
  test.each<[string, Answer, number]>([
    ['a 400', refusal(400), 60],
    ['a 400 with Retry-After', refusal(400, { 'retry-after': '7' }), 7],
    ['a 401 with Retry-After', refusal(401, { 'retry-after': '7' }), 7],
    ['a 429', refusal(429), 5],
    ['a 429 with Retry-After', refusal(429, { 'retry-after': '30' }), 30],
    ['a 429 with Retry-After in capitals', refusal(429, { 'RETRY-AFTER': '30' }), 30],
    ['a 429 with a date', refusal(429, { 'retry-after': new Date((start + 30) * 1000).toUTCString() }), 30],
    ['a 429 with an unreadable Retry-After', refusal(429, { 'retry-after': 'soon' }), 5],
    ['a 429 with a very long Retry-After', refusal(429, { 'retry-after': '86400' }), 3600],
    ['a 500', refusal(500), 5],
    ['a 503 with Retry-After', refusal(503, { 'retry-after': '30' }), 30],
    ['a 599', refusal(599), 5],
  ])('after %s, until its time', async (_, answer, seconds) => {
    const { requestsAfter } = await refused(answer)
    expect(await requestsAfter(0)).toBe(0)
    expect(await requestsAfter(seconds - 1)).toBe(0)
    expect(await requestsAfter(seconds)).toBe(1)
  })

  test.each<[string, Answer]>([
    ['a 401', refusal(401)],
    ['a 403', refusal(403)],
    ['a 404', refusal(404)],
    ['a 429 with Retry-After: 0', refusal(429, { 'retry-after': '0' })],
    ['a 503 with a date that has passed', refusal(503, { 'retry-after': new Date((start - 30) * 1000).toUTCString() })],
    ['a page with 200', () => new Response('<html>')],
    [
      'a reset',
      () => {
        throw new TypeError('fetch failed')
      },
    ],
  ])('but is after %s', async (_, answer) => {
    const { requestsAfter, httpCache } = await refused(answer)
    expect(await requestsAfter(0)).toBe(1)
    expect(httpCache.size).toBe(0)
  })

  test('and a token is never kept there', async () => {
    const httpCache = new Map<string, unknown>()
    await acquireTokenForClient(createClient(createService(), { httpCache }), { scopes })
    expect(httpCache.size).toBe(0)
  })
})

test('the same refusal is given again, with the time that is left', async () => {
  const { client, clock, error } = await refused(refusal(429, { 'retry-after': '30' }))
  expect(error).toMatchObject({ code: 'throttled', retryAfter: 30, errorCodes: [7000215], status: 429 })
  clock.seconds += 10
  const again = await rejection(acquireTokenForClient(client, { scopes }))
  expect(again).toMatchObject({ code: 'throttled', retryAfter: 20, errorCodes: [7000215], status: 429 })
  expect(again).not.toBe(error)
})

describe('a plain 400 stops its exact repetition only', () => {
  test('other scopes, claims and credentials go through; the correlation id makes no difference', async () => {
    const { requestsAfter, service, httpCache, clock } = await refused(refusal(400))
    expect(await requestsAfter(1, { correlationId: 'another' })).toBe(0)
    expect(await requestsAfter(1, { claims: '{}' })).toBe(1)
    expect(await requestsAfter(1, { scopes: ['https://vault.azure.net/.default'] })).toBe(1)
    const other = createClient(service, { httpCache, now: clock.now, credential: clientAssertion('h.p.s') })
    expect(await acquireTokenForClient(other, { scopes })).toMatchObject({ source: 'identity_provider' })
  })
})

describe('a 429 or 5xx stops every request for the scope', () => {
  test('whatever its claims and credential; other scopes, clients and tenants go through', async () => {
    const { requestsAfter, service, httpCache, clock } = await refused(refusal(503))
    const acquire = (options: Partial<ConfidentialClientOptions>) =>
      acquireTokenForClient(createClient(service, { httpCache, now: clock.now, ...options }), { scopes })
    expect(await requestsAfter(1, { claims: '{}' })).toBe(0)
    await expect(acquire({ credential: clientAssertion('h.p.s') })).rejects.toMatchObject({ status: 503 })
    expect(await requestsAfter(1, { scopes: ['https://vault.azure.net/.default'] })).toBe(1)
    expect(await acquire({ clientId: 'another' })).toMatchObject({ source: 'identity_provider' })
    const otherTenant = authority.replace(tenantId, 'common')
    expect(await acquire({ authority: otherTenant })).toMatchObject({ source: 'identity_provider' })
  })
})

test('a cached token is returned while requests are stopped', async () => {
  const service = createService((_, index) => (index === 1 ? refusal(429)() : undefined))
  const client = createClient(service)
  await acquireTokenForClient(client, { scopes })
  await rejection(acquireTokenForClient(client, { scopes, claims: '{}' }))
  expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'cache', accessToken: 'AT-1' })
})

test('an item from the future is dropped: the clock was turned back', async () => {
  const { requestsAfter } = await refused(refusal(429, { 'retry-after': '30' }))
  expect(await requestsAfter(-1)).toBe(1)
})

describe('httpCache', () => {
  test('each client has its own, unless it is given one', async () => {
    const { service, client, clock } = await refused(refusal(400))
    const stranger = createClient(service, { now: clock.now })
    expect(await acquireTokenForClient(stranger, { scopes })).toMatchObject({ source: 'identity_provider' })
    const friend = createClient(service, { now: clock.now, httpCache: client.httpCache })
    await expect(acquireTokenForClient(friend, { scopes })).rejects.toMatchObject({ status: 400 })
  })

  test('survives being written as JSON', async () => {
    const { service, httpCache, clock } = await refused(refusal(429, { 'retry-after': '30' }))
    const stored = new Map(JSON.parse(JSON.stringify([...httpCache])) as [string, unknown][])
    const next = createClient(service, { now: clock.now, httpCache: stored })
    await expect(acquireTokenForClient(next, { scopes })).rejects.toMatchObject({ code: 'throttled', retryAfter: 30 })
    expect(service.requests).toHaveLength(1)
  })

  test('keeps discovery for a day', async () => {
    const clock = createClock()
    const httpCache = new Map<string, unknown>()
    const service = createService()
    const discoveries = async (): Promise<number> => {
      const client = createClient(service, {
        authority: 'https://login.microsoftonline.com/contoso.com',
        now: clock.now,
        httpCache,
      })
      await acquireTokenForClient(client, { scopes })
      return service.requests.filter(({ method }) => method === 'GET').length
    }
    expect(await discoveries()).toBe(1)
    clock.seconds += 86_399
    expect(await discoveries()).toBe(1)
    clock.seconds += 1
    expect(await discoveries()).toBe(2)
  })

  test('holds no secret, in keys or values', async () => {
    const { httpCache } = await refused(refusal(400))
    const other = await refused(refusal(503))
    const text = JSON.stringify([...httpCache, ...other.httpCache])
    expect(httpCache.size + other.httpCache.size).toBe(2)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(scopes[0]!))
    for (const key of [...httpCache.keys(), ...other.httpCache.keys()]) expect(key).toMatch(/^[\w+/=-]{43,64}$/)
  })

  test('is bounded: beyond 1,024 the oldest go', async () => {
    const httpCache = new Map<string, unknown>()
    const service = createService(() => refusal(400)())
    const client = createClient(service, { httpCache })
    const ask = (index: number) => rejection(acquireTokenForClient(client, { scopes: [`s${index}`] }))
    for (let index = 0; index < 1100; index++) await ask(index)
    expect(httpCache.size).toBe(1024)
    await ask(1099)
    expect(service.requests).toHaveLength(1100)
    await ask(0)
    expect(service.requests).toHaveLength(1101)
    expect(httpCache.size).toBe(1024)
  })

  test('forgets what is over when something is added', async () => {
    const clock = createClock()
    const httpCache = new Map<string, unknown>()
    const client = createClient(
      createService(() => refusal(400)()),
      { httpCache, now: clock.now },
    )
    for (const scope of ['a', 'b', 'c']) await rejection(acquireTokenForClient(client, { scopes: [scope] }))
    clock.seconds += 60
    await rejection(acquireTokenForClient(client, { scopes: ['d'] }))
    expect(httpCache.size).toBe(1)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x'],
    ['a number', 5],
    ['a list', []],
    ['an empty object', {}],
    ['no text', { status: 400, from: 0, until: 1e15 }],
    ['a text that is none', { status: 400, text: 5, from: 0, until: 1e15 }],
    ['times that are none', { status: 400, text: '{}', from: 'x', until: 'y' }],
    ['no times', { status: 400, text: '{}' }],
    ['an end before its beginning', { status: 400, text: '{}', from: 1e15, until: 0 }],
  ])('survives garbage: %s under the very key', async (_, garbage) => {
    const { httpCache, service, client } = await refused(refusal(400))
    for (const key of httpCache.keys()) httpCache.set(key, garbage)
    httpCache.set('other', garbage)
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
    expect(service.requests).toHaveLength(2)
  })

  test('takes no token out of garbage', async () => {
    const { httpCache, client } = await refused(refusal(400))
    const text = JSON.stringify({ access_token: 'AT-planted', token_type: 'Bearer' })
    const headers = { 'content-type': 'application/json' }
    for (const key of httpCache.keys()) httpCache.set(key, { status: 200, text, headers, from: 0, until: 1e15 })
    const result = await acquireTokenForClient(client, { scopes }).catch((error: unknown) => error)
    expect(result).not.toMatchObject({ accessToken: 'AT-planted' })
  })
})
