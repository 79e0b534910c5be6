import { isAuthError } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  systemAssigned,
  type ManagedIdentityClientOptions,
} from '@latchkey/managed-identity'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEndpoint, failure, json, NOW, reset, token, type Step } from './fixtures/endpoint.js'
import { createHost } from './fixtures/sources.js'
import { until } from './fixtures/until.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const isReal = ({ headers }: RequestInit): boolean => Object.keys(headers ?? {}).length > 0

/** Apart: the request for a token, and the empty one that only asks whether anybody is there. */
function create(steps: Step[], looks: Step[], options: Partial<ManagedIdentityClientOptions> = {}) {
  const clock = { ms: NOW * 1000 }
  const real = createEndpoint(...steps)
  const empty = createEndpoint(...looks)
  const fetch = ((input: string, init: RequestInit) =>
    (isReal(init) ? real : empty).fetch(input, init)) as typeof globalThis.fetch
  const client = createManagedIdentityClient({
    ...{ identity: systemAssigned(), env: {}, host: createHost({}), fetch, now: () => clock.ms, ...options },
  })
  const acquire = () =>
    acquireTokenForManagedIdentity(client, { resource: 'R' }).then(
      ({ accessToken }) => accessToken,
      (error: unknown) => (isAuthError(error) ? error : String(error)),
    )
  return { acquire, clock, asked: real.asked, looked: empty.asked }
}

/** Lets so much time go by after the requests were sent; tells what has come out of it so far. */
async function after<T>(ms: number, promise: Promise<T>, isUnderWay: () => boolean): Promise<T | 'waiting'> {
  await until(isUnderWay)
  await vi.advanceTimersByTimeAsync(ms)
  return Promise.race([promise, Promise.resolve('waiting' as const)])
}

describe('nobody is there', () => {
  test('where everything is silent, that is known after 1.2 s, and not before', async () => {
    const { acquire, asked, looked } = create(['silent'], ['silent'])
    const promise = acquire()
    expect(await after(1190, promise, () => asked.length === 1)).toBe('waiting')
    expect(looked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(20)
    expect(await promise).toMatchObject({ code: 'managed_identity_unavailable' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'ConnectionRefused'])(
    '%s is known at once',
    async (code) => {
      const { acquire, asked, looked } = create([failure(code)], ['silent'])
      const error = await acquire()
      expect(error).toMatchObject({ code: 'managed_identity_unavailable' })
      expect((error as Error).message).toMatch(/^Cannot find a managed identity here: nobody is at 169\.254\.169\.254/)
      expect([asked.length, looked.length]).toEqual([1, 0])
    },
  )

  test('a connection that breaks again and again is given up in the same time', async () => {
    const { acquire, asked } = create([reset], [reset])
    const promise = acquire()
    await after(1300, promise, () => asked.length === 1)
    expect(await promise).toMatchObject({ code: 'managed_identity_unavailable' })
  })

  test.each([
    ['Google’s', { 'Metadata-Flavor': 'Google' }],
    ['Amazon’s', { Server: 'EC2ws' }],
  ])('%s endpoint has the same address', async (_, headers) => {
    const { acquire } = create([json({}, 400, headers)], ['silent'])
    expect(await acquire()).toMatchObject({ code: 'managed_identity_unavailable' })
  })

  test('is remembered for five minutes', async () => {
    const { acquire, asked, clock } = create([failure('EHOSTUNREACH'), token('t')], ['silent'])
    const first = await acquire()
    clock.ms += 299_000
    expect(await acquire()).toBe(first)
    expect(asked).toHaveLength(1)
    clock.ms += 1000
    expect(await acquire()).toBe('t')
  })

  test('is remembered for as long as is said, also not at all', async () => {
    const one = create([failure('EHOSTUNREACH'), token('t')], ['silent'], { unavailableFor: 0 })
    await one.acquire()
    expect(await one.acquire()).toBe('t')
    const other = create([failure('EHOSTUNREACH'), token('t')], ['silent'], { unavailableFor: Infinity })
    await other.acquire()
    other.clock.ms += 1e12
    expect(await other.acquire()).toMatchObject({ code: 'managed_identity_unavailable' })
  })

  test('in Cloud Shell there is another way', async () => {
    const env = { AZUREPS_HOST_ENVIRONMENT: 'cloud-shell/1.0' }
    const { acquire } = create([failure('EHOSTUNREACH')], ['silent'], { env })
    expect(String(await acquire())).toContain('acquireTokenInCloudShell')
  })

  test('at an App Service whose endpoint is gone, that is an error and not the absence of one', async () => {
    const env = { IDENTITY_ENDPOINT: 'http://127.0.0.1:1/', IDENTITY_HEADER: 'x' }
    const { acquire, looked } = create([failure('ECONNREFUSED')], ['silent'], { env })
    expect(await acquire()).toMatchObject({ code: 'network_error' })
    expect(looked).toEqual([])
  })
})

describe('somebody is there', () => {
  test('a quick answer needs no second request', async () => {
    const { acquire, looked } = create([token('t')], ['silent'])
    expect(await acquire()).toBe('t')
    await vi.advanceTimersByTimeAsync(5000)
    expect(looked).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('who refuses the empty request is waited for', async () => {
    let answer: (response: Response) => void = () => {}
    const slow: Step = () => new Promise((resolve) => (answer = resolve))
    const { acquire, asked, looked } = create([slow], [json({}, 400)])
    const promise = acquire()
    expect(await after(20_000, promise, () => asked.length === 1)).toBe('waiting')
    expect(looked).toEqual([
      { url: 'http://169.254.169.254/metadata/identity/oauth2/token', parameters: {}, headers: {} },
    ])
    answer(Response.json({ access_token: 't', expires_in: 3600 }))
    expect(await promise).toBe('t')
  })

  test('who has answered once is waited for from then on', async () => {
    const { acquire, clock, asked, looked } = create([token('t'), 'silent'], ['silent'])
    await acquire()
    clock.ms += 3_600_000
    const promise = acquire()
    expect(await after(29_000, promise, () => asked.length === 2)).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2000)
    expect(await promise).toMatchObject({ code: 'timeout' })
    expect(looked).toEqual([])
  })

  test('waits between tries are no silence', async () => {
    const { acquire, asked, looked } = create([json({}, 429), token('t')], ['silent'])
    const promise = acquire()
    await after(5000, promise, () => asked.length === 1)
    expect(await promise).toBe('t')
    expect(looked).toEqual([])
  })

  test.each([500, 3000])('the time limit can be set: %d', async (detectionTimeout) => {
    const { acquire, asked } = create(['silent'], ['silent'], { detectionTimeout })
    const promise = acquire()
    expect(await after(detectionTimeout - 20, promise, () => asked.length === 1)).toBe('waiting')
    await vi.advanceTimersByTimeAsync(40)
    expect(await promise).toMatchObject({ code: 'managed_identity_unavailable' })
  })

  test('a patient client waits for it as for everything else, and remembers nothing', async () => {
    const steps: Step[] = [failure('ECONNREFUSED'), failure('ECONNREFUSED'), token('t')]
    const { acquire, asked, looked } = create(steps, ['silent'], { detectionTimeout: Infinity })
    const promise = acquire()
    await after(10_000, promise, () => asked.length === 1)
    expect(await promise).toBe('t')
    expect(looked).toEqual([])
    const silent = create(['silent', token('t')], ['silent'], { detectionTimeout: Infinity, maxRetries: 0 })
    const waiting = silent.acquire()
    await after(30_000, waiting, () => silent.asked.length === 1)
    expect(await waiting).toMatchObject({ code: 'timeout' })
    expect(await silent.acquire()).toBe('t')
  })
})
