import { createHash } from 'node:crypto'
import { serializableCache, type CacheStore } from '@latchkey/core'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  systemAssigned,
  userAssigned,
  type ManagedIdentityClientOptions,
} from '@latchkey/managed-identity'
import { describe, expect, test } from 'vitest'
import { createEndpoint, json, NOW, token, type Step } from './fixtures/endpoint.js'
import { environments } from './fixtures/sources.js'
import { until } from './fixtures/until.js'

function create(steps: Step[], options: Partial<ManagedIdentityClientOptions> = {}) {
  const clock = { seconds: NOW }
  const endpoint = createEndpoint(...steps)
  const client = createManagedIdentityClient({
    ...{ identity: systemAssigned(), env: {}, fetch: endpoint.fetch, now: () => clock.seconds * 1000, maxRetries: 0 },
    ...options,
  })
  const acquire = (more: { claims?: string; signal?: AbortSignal; resource?: string; correlationId?: string } = {}) =>
    acquireTokenForManagedIdentity(client, { resource: 'R', ...more })
  return { client, clock, acquire, asked: endpoint.asked }
}

describe('the cache', () => {
  test('a result says what it is', async () => {
    const { acquire } = create([token('t', { expires_in: '86400' })])
    const result = await acquire({ correlationId: 'the-id' })
    expect(result).toEqual({
      accessToken: 't',
      tokenType: 'Bearer',
      expiresOn: new Date((NOW + 86_400) * 1000),
      refreshOn: new Date((NOW + 43_200) * 1000),
      scopes: ['R'],
      source: 'identity_provider',
      correlationId: 'the-id',
    })
  })

  test('a hit makes no request, and reads neither a variable nor a file', async () => {
    let looks = 0
    const env = new Proxy({}, { get: () => void looks++ })
    const host = {
      platform: 'linux',
      exists: () => looks++ < 0,
      readFile: async () => '',
      getPinned: async () => new Response(),
    }
    const { acquire, asked } = create([token()], { env, host })
    await acquire()
    expect([asked.length, looks > 0]).toEqual([1, true])
    looks = 0
    expect(await acquire()).toMatchObject({ source: 'cache', accessToken: 'the-token' })
    expect([asked.length, looks]).toEqual([1, 0])
  })

  test('equal calls share one request, others do not', async () => {
    const { acquire, asked } = create([token()])
    const results = await Promise.all(Array.from({ length: 200 }, () => acquire()))
    expect(new Set(results.map(({ accessToken }) => accessToken))).toEqual(new Set(['the-token']))
    expect(asked).toHaveLength(1)
    await Promise.all([acquire({ resource: 'S' }), acquire({ resource: 'T' })])
    // Which of the two is asked first is nobody's promise.
    expect(new Set(asked.map(({ parameters }) => parameters['resource']))).toEqual(new Set(['R', 'S', 'T']))
    expect(asked).toHaveLength(3)
  })

  test('a caller that gives up leaves alone', async () => {
    const { acquire, asked } = create([token()])
    const controller = new AbortController()
    const both = Promise.allSettled([acquire({ signal: controller.signal }), acquire()])
    controller.abort()
    const [first, second] = await both
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'user_cancelled' } })
    expect(second).toMatchObject({ status: 'fulfilled' })
    expect(asked).toHaveLength(1)
    await expect(acquire({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'user_cancelled' })
  })

  test('a token with less than five minutes is not used', async () => {
    const { acquire, clock, asked } = create([token('one'), token('two')])
    await acquire()
    clock.seconds += 3300
    expect(await acquire()).toMatchObject({ accessToken: 'one', source: 'cache' })
    clock.seconds += 1
    expect(await acquire()).toMatchObject({ accessToken: 'two', source: 'identity_provider' })
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['half of a long life', { expires_in: 7200 }, 3600],
    ['what the endpoint says', { expires_in: 7200, refresh_in: 100 }, 100],
  ])('is refreshed ahead after %s', async (_, more, seconds) => {
    const { acquire, clock, asked } = create([token('one', more), token('two', more)])
    await acquire()
    clock.seconds += seconds
    await acquire()
    expect(asked).toHaveLength(1)
    clock.seconds += 1
    expect(await acquire()).toMatchObject({ accessToken: 'one', source: 'cache' })
    await until(() => asked.length === 2)
    let result = await acquire()
    while (result.accessToken === 'one') result = await acquire()
    expect(result).toMatchObject({ accessToken: 'two', source: 'cache' })
  })

  test('a short life is not cut in half', async () => {
    const { acquire } = create([token('one', { expires_in: 7199 })])
    expect((await acquire()).refreshOn).toBeUndefined()
  })

  test.each([
    ['refuses', json({ error: 'unavailable' }, 503)],
    ['is gone', new TypeError('fetch failed')],
  ] as const)('an aging token stays in use while the endpoint %s', async (_, outage) => {
    const { acquire, clock, asked } = create([token('one', { expires_in: 7200 }), outage])
    await acquire()
    clock.seconds += 3601
    expect(await acquire()).toMatchObject({ accessToken: 'one', source: 'cache' })
    await until(() => asked.length > 1)
    expect(await acquire()).toMatchObject({ accessToken: 'one', source: 'cache' })
  })

  test('waitUntil is given the refresh', async () => {
    const kept: Promise<unknown>[] = []
    const { acquire, clock } = create([token('one', { expires_in: 7200 }), token('two')], {
      waitUntil: (promise) => void kept.push(promise),
    })
    await acquire()
    clock.seconds += 3601
    await acquire()
    await expect(Promise.all(kept)).resolves.toMatchObject([{ accessToken: 'two' }])
  })
})

describe('whose token', () => {
  test('identities do not get each other’s from one cache', async () => {
    const cache = serializableCache()
    const identities = [
      systemAssigned(),
      userAssigned({ clientId: 'a' }),
      userAssigned({ clientId: 'b' }),
      userAssigned({ objectId: 'c' }),
      userAssigned({ resourceId: '/d' }),
    ]
    for (const [index, identity] of identities.entries())
      await create([token(`token-${index}`)], { identity, cache }).acquire()
    for (const [index, identity] of identities.entries()) {
      const { acquire, asked } = create([token('wrong')], { identity, cache })
      expect(await acquire()).toMatchObject({ accessToken: `token-${index}`, source: 'cache' })
      expect(asked).toHaveLength(0)
    }
  })

  test.each(['SYSTEM_ASSIGNED_MANAGED_IDENTITY', 'system_assigned_managed_identity', null])(
    'the system-assigned identity is found as %s, too',
    async (clientId) => {
      const one = create([token('one')])
      const other = serializableCache()
      const filled = create([token('one')], { cache: other })
      await filled.acquire()
      const text = other.serialize().replaceAll('"client_id":null', `"client_id":${JSON.stringify(clientId)}`)
      const { acquire, asked } = create([token('two')], { cache: serializableCache(text) })
      expect(await acquire()).toMatchObject({ accessToken: 'one', source: 'cache' })
      expect([asked.length, one.asked.length]).toEqual([0, 0])
    },
  )

  test('an entry of MSAL Python for the same resource is taken the place of, and keeps what we do not know', async () => {
    const cache = serializableCache()
    await create([token('one')], { cache }).acquire()
    const document = JSON.parse(cache.serialize()) as { AccessToken: Record<string, Record<string, unknown>> }
    const [key] = Object.keys(document.AccessToken)
    document.AccessToken[key!]!['theirs'] = 'kept'
    const again = serializableCache(JSON.stringify(document))
    const { acquire } = create([token('two')], { cache: again })
    await acquire({ claims: '{}' })
    const after = JSON.parse(again.serialize()) as typeof document
    expect(Object.keys(after.AccessToken)).toEqual([key])
    expect(after.AccessToken[key!]).toMatchObject({ secret: 'two', theirs: 'kept' })
  })

  test('a store that answers later is waited for', async () => {
    const inner = serializableCache()
    const later = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, 1, value))
    const cache: CacheStore = {
      get: async (partition) => later(await inner.get(partition)),
      update: async (partition, next) => {
        await later(undefined)
        await inner.update(partition, next)
      },
    }
    const { acquire, asked } = create([token()], { cache })
    await acquire()
    expect(await acquire()).toMatchObject({ source: 'cache' })
    expect(asked).toHaveLength(1)
  })
})

describe('a claims challenge', () => {
  const hash = createHash('sha256').update('one').digest('hex')

  test('passes the cache by, and Service Fabric is told which token is refused', async () => {
    const env = environments.serviceFabric
    const { acquire, asked } = create([token('one'), token('two')], { env, clientCapabilities: ['CP1', 'foo'] })
    await acquire()
    expect(await acquire({ claims: '{"access_token":{}}' })).toMatchObject({ accessToken: 'two' })
    expect(asked.map(({ parameters }) => [parameters['token_sha256_to_refresh'], parameters['xms_cc']])).toEqual([
      [undefined, 'CP1,foo'],
      [hash, 'CP1,foo'],
    ])
    expect(await acquire()).toMatchObject({ accessToken: 'two', source: 'cache' })
  })

  test('names no token where there is none that is good', async () => {
    const { acquire, asked } = create([token('one')], { env: environments.serviceFabric })
    await acquire({ claims: '{}' })
    expect(asked[0]!.parameters).toEqual({ 'api-version': '2019-07-01-preview', resource: 'R' })
  })

  test.each(['imds', 'appService', 'machineLearning'] as const)('only passes the cache by at %s', async (source) => {
    const { acquire, asked } = create([token('one'), token('two')], {
      env: environments[source],
      clientCapabilities: ['CP1'],
    })
    await acquire()
    await acquire({ claims: '{}' })
    expect(asked[1]).toEqual(asked[0])
  })

  test('is no reason to use the old token when the endpoint fails', async () => {
    const { acquire } = create([token('one'), json({ error: 'no' }, 500)])
    await acquire()
    await expect(acquire({ claims: '{}' })).rejects.toMatchObject({ code: 'server_error' })
  })
})

test('a chosen correlation id is told to the endpoint of a virtual machine', async () => {
  const { acquire, asked } = create([token(), token()])
  await acquire({ correlationId: 'the-id' })
  await acquire({ resource: 'S' })
  expect(asked.map(({ headers }) => headers)).toEqual([
    { metadata: 'true', 'x-ms-client-request-id': 'the-id' },
    { metadata: 'true' },
  ])
})
