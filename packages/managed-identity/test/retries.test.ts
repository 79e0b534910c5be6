import { isAuthError } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  systemAssigned,
  type ManagedIdentityClientOptions,
} from '@latchkey/managed-identity'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEndpoint, failure, json, NOW, reset, token, type Step } from './fixtures/endpoint.js'
import { passTime } from './fixtures/passTime.js'
import { createHost, environments, KEYS } from './fixtures/sources.js'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const status = (code: number, headers: Record<string, string> = {}): Step => json({ error: 'e' }, code, headers)
const challenge: Step = json({}, 401, { 'WWW-Authenticate': `Basic realm=${KEYS}/a.key` })

function create(steps: Step[], options: Partial<ManagedIdentityClientOptions> = {}) {
  const clock = { ms: NOW * 1000 }
  const { fetch, asked } = createEndpoint(...steps)
  const times: number[] = []
  const timed = ((input: string, init: RequestInit) => {
    // Without its header it is the request that only asks whether anybody is there.
    if (Object.keys(init.headers ?? {}).length > 0) times.push(clock.ms / 1000 - NOW)
    return fetch(input, init)
  }) as typeof globalThis.fetch
  const client = createManagedIdentityClient({
    ...{ identity: systemAssigned(), env: {}, host: createHost(), fetch: timed, now: () => clock.ms },
    ...options,
  })
  const acquire = (more: { signal?: AbortSignal; resource?: string } = {}) =>
    acquireTokenForManagedIdentity(client, { resource: 'R', ...more }).then(
      ({ accessToken }) => accessToken,
      (error: unknown) => (isAuthError(error) ? error.code : String(error)),
    )
  return { acquire, asked, clock, times }
}

const outcome = passTime<string>

const passing: Record<keyof typeof environments, number[]> = {
  imds: [404, 410, 429, 500, 502, 503, 504, 599],
  appService: [404, 408, 429, 500, 502, 503, 504],
  machineLearning: [404, 408, 429, 500, 502, 503, 504],
  azureArc: [404, 408, 429, 500, 502, 503, 504],
  serviceFabric: [408, 429, 500, 502, 503, 504],
}
const final: Record<keyof typeof environments, number[]> = {
  imds: [400, 401, 403, 405, 408],
  appService: [400, 401, 403, 410],
  machineLearning: [400, 401, 403, 410],
  azureArc: [400, 401, 403, 410],
  serviceFabric: [400, 401, 404, 410],
}
const cells = (table: Record<string, number[]>) =>
  Object.entries(table).flatMap(([source, codes]) =>
    codes.map((code) => [source as keyof typeof environments, code] as const),
  )
const before = (source: string): Step[] => (source === 'azureArc' ? [challenge] : [])

describe('what passes is tried again', () => {
  test.each(cells(passing))('%s, %d', async (source, code) => {
    const { acquire, clock, asked } = create([...before(source), status(code), token('t')], {
      env: environments[source],
    })
    expect(await outcome(acquire(), clock)).toBe('t')
    expect(asked).toHaveLength(before(source).length + 2)
  })

  test.each(cells(final))('what does not is not: %s, %d', async (source, code) => {
    const { acquire, clock, asked } = create([...before(source), status(code), token('t')], {
      env: environments[source],
    })
    expect(await outcome(acquire(), clock)).toBe('managed_identity_error')
    expect(asked).toHaveLength(before(source).length + 1)
  })

  test('a reset is', async () => {
    const { acquire, clock } = create([reset, token('t')], { env: environments.appService })
    expect(await outcome(acquire(), clock)).toBe('t')
  })

  test('a port that nobody listens on is not', async () => {
    const { acquire, clock, asked } = create([failure('ECONNREFUSED')], { env: environments.appService })
    expect(await outcome(acquire(), clock)).toBe('network_error')
    expect(asked).toHaveLength(1)
  })

  test('the first answer of Azure Arc’s agent, too', async () => {
    const steps = [status(503), challenge, status(503), token('t')]
    const { acquire, clock } = create(steps, { env: environments.azureArc })
    expect(await outcome(acquire(), clock)).toBe('t')
    const down = create([status(503)], { env: environments.azureArc })
    expect(await outcome(down.acquire(), down.clock)).toBe('server_error')
  })
})

describe('the waits', () => {
  test('double, and there are three', async () => {
    const { acquire, clock, times } = create([status(500)])
    expect(await outcome(acquire(), clock)).toBe('server_error')
    expect(times.map(Math.round)).toEqual([0, 1, 3, 7])
  })

  test('are up to a half shorter at random', async () => {
    vi.mocked(Math.random).mockReturnValue(0.999_999)
    const { acquire, clock, times } = create([status(500)])
    expect(await outcome(acquire(), clock)).toBe('server_error')
    expect(times.map((time) => time.toFixed(1))).toEqual(['0.0', '0.5', '1.5', '3.5'])
  })

  test('for an endpoint that is being updated are 10 s, for 70 s', async () => {
    const { acquire, clock, times } = create([status(410)])
    expect(await outcome(acquire(), clock)).toBe('managed_identity_error')
    expect(times.map(Math.round)).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
  })

  test.each([
    ['in seconds', '7'],
    ['as a date', new Date((NOW + 7) * 1000).toUTCString()],
  ])('are what Retry-After says %s', async (_, value) => {
    const { acquire, clock, times } = create([status(429, { 'Retry-After': value }), token('t')])
    expect(await outcome(acquire(), clock)).toBe('t')
    expect(times.map(Math.round)).toEqual([0, 7])
  })

  test('are none where it says 0', async () => {
    const { acquire, clock, times } = create([status(429, { 'Retry-After': '0' }), token('t')])
    expect(await outcome(acquire(), clock)).toBe('t')
    expect(times[1]).toBeLessThan(0.5)
  })

  test('that are longer than the limit are not waited for', async () => {
    const { acquire, clock, times } = create([status(429, { 'Retry-After': '11' }), token('t')])
    expect(await outcome(acquire(), clock)).toBe('throttled')
    expect(times.map(Math.round)).toEqual([0])
    const patient = create([status(429, { 'Retry-After': '11' }), token('t')], { maxRetryDelay: 11_000 })
    expect(await outcome(patient.acquire(), patient.clock)).toBe('t')
  })

  test('end when the caller gives up', async () => {
    const controller = new AbortController()
    const { acquire, clock } = create([status(500)])
    const promise = acquire({ signal: controller.signal })
    setTimeout(() => controller.abort(), 2000)
    expect(await outcome(promise, clock)).toBe('user_cancelled')
    await vi.advanceTimersByTimeAsync(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    [0, [0]],
    [1, [0, 1]],
    [5, [0, 1, 3, 7, 15, 31]],
  ])('are as many as maxRetries says: %d', async (maxRetries, expected) => {
    const { acquire, clock, times } = create([status(500)], { maxRetries, maxRetryDelay: 60_000 })
    await outcome(acquire(), clock)
    expect(times.map(Math.round)).toEqual(expected)
  })

  test('are none for an endpoint that is being updated either, where there are to be none', async () => {
    const { acquire, clock, times } = create([status(410)], { maxRetries: 0 })
    await outcome(acquire(), clock)
    expect(times.map(Math.round)).toEqual([0])
  })
})

describe('a refusal holds for a while', () => {
  test.each([
    ['429', status(429), 'throttled', 5],
    ['503', status(503), 'server_error', 5],
    ['429 that says how long', status(429, { 'Retry-After': '30' }), 'throttled', 30],
    ['400 that says how long', status(400, { 'Retry-After': '30' }), 'managed_identity_error', 30],
    ['429 for a very long time', status(429, { 'Retry-After': '7200' }), 'throttled', 3600],
  ] as const)('%s', async (_, step, code, seconds) => {
    const { acquire, clock, asked } = create([step, token('t')], { maxRetries: 0 })
    expect(await acquire()).toBe(code)
    expect(await acquire()).toBe(code)
    clock.ms += (seconds - 1) * 1000
    expect(await acquire()).toBe(code)
    expect(asked).toHaveLength(1)
    clock.ms += 1 * 1000
    expect(await acquire()).toBe('t')
  })

  test('but not a plain one, nor one for another resource', async () => {
    const { acquire, asked } = create([status(400), status(429), token('t')], { maxRetries: 0 })
    expect([await acquire(), await acquire(), await acquire({ resource: 'S' })]).toEqual([
      'managed_identity_error',
      'throttled',
      't',
    ])
    expect(asked).toHaveLength(3)
  })

  test('the repeated one says how long it will be repeated', async () => {
    const clock = { ms: NOW * 1000 }
    const { fetch } = createEndpoint(status(429, { 'Retry-After': '30' }))
    const options = { identity: systemAssigned(), env: {}, fetch, now: () => clock.ms, maxRetries: 0 }
    const client = createManagedIdentityClient(options)
    const ask = () => acquireTokenForManagedIdentity(client, { resource: 'R' })
    await expect(ask()).rejects.toMatchObject({ retryAfter: 30, status: 429 })
    clock.ms += 10 * 1000
    await expect(ask()).rejects.toMatchObject({ retryAfter: 20, status: 429 })
  })
})
