import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { acquireTokenForClient, AuthError, type ConfidentialClientOptions } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import {
  authority,
  clientId,
  createClient,
  createService,
  rejection,
  scopes,
  secret,
  start,
  tenantId,
  token,
} from './fixtures/tokenService.js'

type Answer = () => Response | Promise<Response>
const acquire = (
  service: { fetch: typeof globalThis.fetch },
  options: Partial<ConfidentialClientOptions> = {},
  signal?: AbortSignal,
) => acquireTokenForClient(createClient(service, options), { scopes, signal })
const never = <T>(): Promise<T> => new Promise(() => {})
const status =
  (status: number, headers: Record<string, string> = {}): Answer =>
  () =>
    Response.json({ error: 'temporarily_unavailable' }, { status, headers })
const reset: Answer = () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
}
/** A service that gives these answers one after the other, then a token. */
const sequence = (...answers: Answer[]) => createService((_, index) => answers[index]?.())

/** A body that begins and never ends, and does not listen to anybody. */
const stalled = (): Response =>
  new Response(
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"access_')) }),
    {
      headers: { 'content-type': 'application/json' },
    },
  )
const truncated = (): Response => {
  let isFirst = true
  const pull = (controller: ReadableStreamDefaultController): void => {
    if (isFirst) controller.enqueue(new TextEncoder().encode('{"access_token":"AT"'))
    else controller.error(new TypeError('terminated'))
    isFirst = false
  }
  return new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'application/json' } })
}

describe('a request is tried again', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  /** Lets the waits pass. */
  async function pass<T>(promise: Promise<T>, ms = 600_000): Promise<T> {
    promise.catch(() => {})
    await vi.advanceTimersByTimeAsync(ms)
    return promise
  }

  test.each<[string, Answer]>([
    ['a reset', reset],
    ['a fetch that fails later', () => Promise.reject(new TypeError('fetch failed'))],
    ['a truncated body', truncated],
    ['a 500', status(500)],
    ['a 502', status(502)],
    ['a 503', status(503)],
    ['a 504', status(504)],
    ['a 503 with Retry-After: 0', status(503, { 'retry-after': '0' })],
    ['a 503 with Retry-After: 3', status(503, { 'retry-after': '3' })],
  ])('once after %s', async (_, answer) => {
    const service = sequence(answer)
    expect(await pass(acquire(service, { maxRetries: 1 }))).toMatchObject({ accessToken: 'AT-2' })
    expect(service.requests).toHaveLength(2)
    const [one, two] = service.requests
    expect(two?.form).toEqual(one?.form)
    expect(Object.fromEntries(two!.headers)).toEqual(Object.fromEntries(one!.headers))
  })

  test('once is the default', async () => {
    const service = sequence(reset, reset)
    const error = await pass(rejection(acquire(service, { maxRetries: undefined })))
    expect(error).toMatchObject({
      code: 'network_error',
      message: 'Cannot reach login.microsoftonline.com: ECONNRESET',
    })
    expect(service.requests).toHaveLength(2)
  })

  test('as often as maxRetries says', async () => {
    const service = sequence(reset, status(500), truncated)
    expect(await pass(acquire(service, { maxRetries: 3 }))).toMatchObject({ accessToken: 'AT-4' })
    const failing = sequence(reset, reset, reset)
    expect(await pass(rejection(acquire(failing, { maxRetries: 2 })))).toMatchObject({ code: 'network_error' })
    expect(failing.requests).toHaveLength(3)
  })

  test.each<[string, Answer, string]>([
    ['a reset', reset, 'network_error'],
    ['a 500', status(500), 'server_error'],
    ['a 503', status(503, { 'retry-after': '0' }), 'server_error'],
  ])('never where maxRetries is 0: %s', async (_, answer, code) => {
    const service = sequence(answer)
    expect(await pass(rejection(acquire(service, { maxRetries: 0 })))).toMatchObject({ code })
    expect(service.requests).toHaveLength(1)
  })

  test.each<[string, Answer, string]>([
    ['a 400', () => Response.json({ error: 'invalid_scope' }, { status: 400 }), 'invalid_scope'],
    ['a 401', () => Response.json({ error: 'invalid_client' }, { status: 401 }), 'invalid_client'],
    ['a 429', status(429), 'throttled'],
    ['a 429 with Retry-After: 0', status(429, { 'retry-after': '0' }), 'throttled'],
    ['a 501', status(501), 'server_error'],
    ['a 503 with Retry-After: 4', status(503, { 'retry-after': '4' }), 'server_error'],
    [
      'a 503 with a late date',
      status(503, { 'retry-after': new Date((start + 4) * 1000).toUTCString() }),
      'server_error',
    ],
    ['a page', () => new Response('<html>'), 'invalid_response'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
      'invalid_response',
    ],
  ])('never after %s', async (_, answer, code) => {
    const service = sequence(answer)
    expect(await pass(rejection(acquire(service, { maxRetries: 5 })))).toMatchObject({ code })
    expect(service.requests).toHaveLength(1)
  })

  test.each<[string, Answer, number]>([
    ['after the shortest wait', reset, 50],
    ['after Retry-After in seconds', status(503, { 'retry-after': '2' }), 2000],
    ['after Retry-After as a date', status(503, { 'retry-after': new Date((start + 2) * 1000).toUTCString() }), 2000],
    [
      'at once after a date that has passed',
      status(503, { 'retry-after': new Date((start - 2) * 1000).toUTCString() }),
      0,
    ],
    ['after the usual wait where Retry-After is unreadable', status(503, { 'retry-after': 'soon' }), 50],
  ])('%s', async (_, answer, wait) => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const service = sequence(answer)
    const calling = acquire(service, { maxRetries: 1 })
    await vi.advanceTimersByTimeAsync(Math.max(0, wait - 1))
    expect(service.requests).toHaveLength(wait === 0 ? 2 : 1)
    await vi.advanceTimersByTimeAsync(1)
    expect(service.requests).toHaveLength(2)
    await calling
  })

  test('later and later, with jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const service = sequence(reset, reset, reset)
    const calling = acquire(service, { maxRetries: 3 })
    const counts = []
    for (const wait of [149, 1, 249, 1, 449, 1]) {
      await vi.advanceTimersByTimeAsync(wait)
      counts.push(service.requests.length)
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4])
    await calling
  })

  test('not by a caller who has left', async () => {
    const service = sequence(status(503, { 'retry-after': '2' }))
    const controller = new AbortController()
    const leaving = rejection(acquire(service, { maxRetries: 1 }, controller.signal))
    await vi.advanceTimersByTimeAsync(1000)
    controller.abort()
    expect(await pass(leaving)).toMatchObject({ code: 'user_cancelled' })
    expect(service.requests).toHaveLength(1)
  })

  describe('and ends in time', () => {
    test.each<[string, Answer]>([
      ['the headers do not come', never],
      ['the body stands still', stalled],
    ])('where %s and nobody listens to the signal', async (_, answer) => {
      const service = sequence(answer, answer)
      let error: unknown
      const calling = acquire(service, { timeout: 5000, maxRetries: 1 }).catch((thrown: unknown) => (error = thrown))
      await vi.advanceTimersByTimeAsync(4999)
      expect(error).toBeUndefined()
      await vi.advanceTimersByTimeAsync(1)
      await calling
      expect(error).toBeInstanceOf(AuthError)
      expect(error).toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('login.microsoftonline.com') as string,
      })
      expect(service.requests).toHaveLength(1)
      expect(service.requests[0]?.signal?.aborted).toBe(true)
    })

    test('30 s is the default', async () => {
      const service = sequence(never)
      let error: unknown
      const calling = acquire(service).catch((thrown: unknown) => (error = thrown))
      await vi.advanceTimersByTimeAsync(29_999)
      expect(error).toBeUndefined()
      await vi.advanceTimersByTimeAsync(1)
      await calling
      expect(error).toMatchObject({ code: 'timeout' })
    })

    test('the limit is each request’s own', async () => {
      const late = () =>
        new Promise<Response>((resolve) =>
          setTimeout(() => resolve(status(503, { 'retry-after': '0' })() as Response), 4000),
        )
      const later = () => new Promise<Response>((resolve) => setTimeout(() => resolve(token()), 4000))
      const calling = acquire(sequence(late, later), { timeout: 5000, maxRetries: 1 })
      expect(await pass(calling, 10_000)).toMatchObject({ accessToken: 'AT' })
    })

    test('no timer is left behind', async () => {
      await acquire(sequence())
      await rejection(acquire(sequence(reset)))
      expect(vi.getTimerCount()).toBe(0)
    })
  })
})

describe('a caller who leaves', () => {
  const stages: [string, () => { fetch: typeof globalThis.fetch }, Partial<ConfidentialClientOptions>][] = [
    ['while discovery runs', () => sequence(never), { authority: 'https://login.microsoftonline.com/contoso.com' }],
    ['while the metadata service is asked', () => sequence(never), { azureRegion: true }],
    ['while the credential is made', () => sequence(), { credential: { apply: never } }],
    ['before the headers', () => sequence(never), {}],
    ['before the end of the body', () => sequence(stalled), {}],
    ['while the cache is written', () => sequence(), { cache: { get: () => undefined, update: never } }],
  ]
  test.each(stages)('%s is free at once', async (_, createService, options) => {
    const controller = new AbortController()
    const leaving = rejection(acquire(createService(), options, controller.signal))
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect(await leaving).toMatchObject({ code: 'user_cancelled', cause: { name: 'AbortError' } })
  })

  test('with a reason that is an AuthError gets that', async () => {
    const controller = new AbortController()
    const reason = new AuthError('timeout', 'Cannot wait: 5 s passed')
    const leaving = rejection(acquire(sequence(never), {}, controller.signal))
    controller.abort(reason)
    expect(await leaving).toBe(reason)
  })

  test('takes its listeners along', async () => {
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    await acquire(sequence(), {}, signal)
    await Promise.resolve()
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
  })
})

describe('an answer', () => {
  test.each([302, 301, 303, 307, 308])('that redirects (%i) is not followed', async (status) => {
    const answer = (): Response => new Response(null, { status, headers: { location: 'https://evil.example/' } })
    let redirect: unknown
    const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
      redirect = init?.redirect
      return answer()
    }
    expect(await rejection(acquire({ fetch }))).toMatchObject({
      code: 'invalid_response',
      status,
    })
    expect(redirect).toBe('manual')
  })

  test('of 50 MB is not read to its end', async () => {
    let sent = 0
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        if (sent > 50 * 1024 * 1024) controller.close()
        else controller.enqueue(new Uint8Array(65_536).fill(65))
      },
      cancel: () => void (isCancelled = true),
    })
    const service = sequence(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    const error = await rejection(acquire(service, { maxRetries: 3 }))
    expect(error).toMatchObject({ code: 'invalid_response', message: 'Cannot read over 1 MiB' })
    expect(service.requests).toHaveLength(1)
    expect(sent).toBeLessThan(2 * 1024 * 1024)
    await vi.waitFor(() => expect(isCancelled).toBe(true))
  })

  test('of just under 1 MiB is read, also where a character is cut by a chunk', async () => {
    const text = JSON.stringify({ access_token: 'AT', filler: 'é'.repeat(500_000) })
    const bytes = new TextEncoder().encode(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 999) }, (_, index) =>
      bytes.slice(index * 999, index * 999 + 999),
    )
    const body = new ReadableStream({
      pull: (controller) => (pieces.length ? controller.enqueue(pieces.shift()) : controller.close()),
    })
    const service = sequence(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    expect(await acquire(service)).toMatchObject({ accessToken: 'AT' })
  })

  test.each<[string, Parameters<ReturnType<typeof createEmulator>['faults']['add']>[0], string]>([
    ['huge', { kind: 'huge' }, 'invalid_response'],
    ['deeply nested', { kind: 'deep-json' }, 'invalid_response'],
    ['a page', { kind: 'html' }, 'invalid_response'],
    ['a page with 503', { kind: 'html', status: 503 }, 'server_error'],
    ['empty', { kind: 'empty' }, 'invalid_response'],
    ['empty with 500', { kind: 'empty', status: 500 }, 'server_error'],
    ['of a wrong content type', { kind: 'wrong-content-type' }, 'invalid_response'],
    ['half', { kind: 'wrong-json' }, 'invalid_response'],
    ['a redirect', { kind: 'redirect' }, 'invalid_response'],
    ['truncated', { kind: 'truncated' }, 'network_error'],
    ['a reset', { kind: 'reset' }, 'network_error'],
    ['stalled', { kind: 'stall' }, 'timeout'],
    ['slow', { kind: 'slow', delay: 60_000 }, 'timeout'],
    ['429', { status: 429, retryAfter: 5 }, 'throttled'],
  ])('that is %s: a typed error, nothing cached, and the next call succeeds', async (_, fault, code) => {
    const emulator = createEmulator({
      tenants: [{ id: tenantId }],
      apps: [{ clientId, tenantId, secrets: [{ value: secret }] }],
    })
    let now = start * 1000
    const client = createClient(emulator, { timeout: 200, now: () => now })
    emulator.faults.add({ ...fault, times: 1 })
    const error = await rejection(acquireTokenForClient(client, { scopes }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code })
    expect([...(await client.cache.partitions!())]).toEqual([])
    now += 60_001
    expect(await acquireTokenForClient({ ...client, timeout: 30_000 }, { scopes })).toMatchObject({
      source: 'identity_provider',
    })
  })
})

test.each<[string, unknown, string]>([
  ['undici’s', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }), 'ENOTFOUND'],
  ['Bun’s', Object.assign(new Error('Unable to connect'), { code: 'ConnectionRefused' }), 'ConnectionRefused'],
  ['a browser’s', new TypeError('Failed to fetch'), ''],
  ['a text', 'no', ''],
  ['undefined', undefined, ''],
  ['null', null, ''],
])('a fetch that fails with %s error', async (_, cause, code) => {
  const service = sequence(() => Promise.reject(cause))
  const error = await rejection(acquire(service))
  expect(error).toBeInstanceOf(AuthError)
  expect(error).toMatchObject({ code: 'network_error', message: expect.stringContaining(code) as string })
  expect((error as AuthError).cause).toBe(cause)
})

test('the request is as the wire wants it', async () => {
  const service = sequence()
  await acquire(service)
  const [{ method, url, headers } = { method: '', url: '', headers: new Headers() }] = service.requests
  expect([method, url]).toEqual(['POST', `${authority}/oauth2/v2.0/token`])
  expect(headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  expect(headers.get('accept')).toBe('application/json')
})
