import { redisCache, type RedisCacheOptions } from '@latchkey/cache-redis'
import { acquireTokenForClient, clientSecret, createConfidentialClient, removeTokensForClient } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { describe, expect, test } from 'vitest'
import { failure, namesIn, put } from './fixtures/documents.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()

describe('options', () => {
  const client = { sendCommand: async () => null }
  const wrong: [string, unknown][] = [
    ['the options', undefined],
    ['client', {}],
    ['client', { client: { sendCommand: 1 } }],
    ['prefix', { client, prefix: 1 }],
    ['prefix', { client, prefix: '\ud800' }],
    ['encryptionKey', { client, encryptionKey: 'a'.repeat(32) }],
    ['encryptionKey', { client, encryptionKey: new Uint8Array(31) }],
    ['encryptionKey', { client, encryptionKey: [] }],
    ['encryptionKey', { client, encryptionKey: [new Uint8Array(32), new Uint8Array(16)] }],
    ['refreshTokenLifetime', { client, refreshTokenLifetime: 0 }],
    ['refreshTokenLifetime', { client, refreshTokenLifetime: '90' }],
    ['timeout', { client, timeout: Infinity }],
    ['remember', { client, remember: -1 }],
    ['list', { client, list: 1 }],
    ['subscriber', { client, subscriber: client }],
    ['onCorrupt', { client, onCorrupt: {} }],
    ['now', { client, now: 1 }],
  ]
  test.each(wrong)('a wrong value of %s is a TypeError', (name, options) => {
    expect(() => redisCache(options as RedisCacheOptions)).toThrow(new RegExp(`^Cannot use ${name}: expected `))
    expect(() => redisCache(options as RedisCacheOptions)).toThrow(TypeError)
  })

  test('a wrong argument of an operation is a TypeError, and nothing is sent', async () => {
    const sent: unknown[] = []
    const store = redisCache({ client: { sendCommand: async (args) => sent.push(args) } })
    await expect(store.get(1 as never)).rejects.toThrow(TypeError)
    await expect(store.update(1 as never, () => undefined)).rejects.toThrow(TypeError)
    await expect(store.update('a', {} as never)).rejects.toThrow(TypeError)
    expect(sent).toEqual([])
  })

  test('what a client does not have, the store does not have either', () => {
    expect(Object.keys(redisCache({ client }))).toEqual(['get', 'update', 'partitions'])
    expect(Object.keys(redisCache({ client, list: false }))).toEqual(['get', 'update'])
    expect(() =>
      redisCache({
        client,
        subscriber: { subscribe: async () => {}, unsubscribe: async () => {} },
      }).subscribe!({} as never),
    ).toThrow(TypeError)
  })
})

describe.skipIf(redis.reason)(redis.title('keys'), () => {
  test('one for each partition, all under the prefix, readable and escaped', async () => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix })
    for (const partition of ['user.tenant', '["a"]', '\ud800', 'é']) await put(store, partition, 'token')
    const keys = await redis.client().keys(`${prefix}*`)
    expect(keys.map((key) => key.slice(prefix.length)).sort()).toEqual([
      String.raw`p:[\"a\"]`,
      String.raw`p:\ud800`,
      'p:user.tenant',
      'p:é',
    ])
  })

  test('partitions() lists its own prefix only, whatever is in the prefix', async () => {
    const prefixes = ['x*:', 'xy:', 'x?:', 'x[yz]:', String.raw`x\*:`, 'x:']
    for (const prefix of prefixes) await put(redis.open({ prefix }), `of ${prefix}`, 'token')
    for (const prefix of prefixes) expect([...(await redis.open({ prefix }).partitions!())]).toEqual([`of ${prefix}`])
  })

  test('partitions() lists 2500 of them once each, and leaves out what is no name', async () => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix })
    const names = Array.from({ length: 2500 }, (_, index) => `user ${index}`)
    await Promise.all(names.map((name) => put(store, name, 'token')))
    await redis.client().set(`${prefix}p:"`, 'not ours')
    await redis.client().set(`${prefix}p:\\u0061`, 'not as we would write it')
    const listed = [...(await store.partitions!())]
    expect(listed).toHaveLength(2500)
    expect(listed.sort()).toEqual(names.sort())
  })
})

describe.skipIf(redis.reason)(redis.title('how long a partition is kept'), () => {
  const NOW = 1_800_000_000
  const DAY = 86_400
  const documents: [string, Record<string, Record<string, object>>, number, Partial<RedisCacheOptions>?][] = [
    ['until its access token is over', { AccessToken: { a: { expires_on: `${NOW + 3600}` } } }, 3600],
    [
      'until the last of them is over',
      { AccessToken: { a: { expires_on: `${NOW + 3600}` }, b: { expires_on: `${NOW + 7200}` }, c: {} } },
      7200,
    ],
    ['ten minutes where all are over: clocks differ', { AccessToken: { a: { expires_on: `${NOW - 1}` } } }, 600],
    ['numbers are fine', { AccessToken: { a: { expires_on: NOW + 3600 } } }, 3600],
    ['nonsense is not', { AccessToken: { a: { expires_on: 'soon' }, b: { expires_on: `${NOW + 900}` } } }, 900],
    [
      '90 days from when its refresh token was got',
      {
        AccessToken: { a: { expires_on: `${NOW + 3600}` } },
        RefreshToken: { r: { last_modification_time: `${NOW - DAY}` } },
      },
      89 * DAY,
    ],
    ['90 days from now where that is unknown', { RefreshToken: { r: {} } }, 90 * DAY],
    ['until a refresh token is over that says so', { RefreshToken: { r: { expires_on: `${NOW + DAY}` } } }, DAY],
    ['as is said', { RefreshToken: { r: { last_modification_time: `${NOW}` } } }, DAY, { refreshTokenLifetime: DAY }],
    ['for ever', { RefreshToken: { r: {} } }, -1, { refreshTokenLifetime: Infinity }],
    ['as long as a refresh token without any token', { AppMetadata: { m: { client_id: 'c' } } }, 90 * DAY],
    ['an empty one, too', {}, 90 * DAY],
  ]
  test.each(documents)('%s', async (_, document, seconds, options) => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix, now: () => NOW * 1000, ...options })
    await store.update('a', () => document as never)
    const left = await redis.client().ttl(`${prefix}p:a`)
    // Redis counts down from the write, and rounds.
    if (seconds < 0) expect(left).toBe(-1)
    else expect(seconds - left).toSatisfy((passed: number) => passed >= 0 && passed < 120)
  })

  test('a later write begins anew', async () => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix, now: () => NOW * 1000, refreshTokenLifetime: Infinity })
    await put(store, 'a', 'one', { expires_on: `${NOW + 3600}` })
    expect(await redis.client().ttl(`${prefix}p:a`)).toBeGreaterThan(0)
    await store.update('a', (document) => ({ ...document, RefreshToken: { r: {} } }))
    expect(await redis.client().ttl(`${prefix}p:a`)).toBe(-1)
    await store.update('a', () => undefined)
    expect(await redis.client().exists(`${prefix}p:a`)).toBe(0)
  })

  test('what is over is not there, though it is remembered', async () => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix })
    await put(store, 'a', 'one')
    expect(await namesIn(store, 'a')).toEqual(['one'])
    await redis.client().pExpire(`${prefix}p:a`, 0)
    expect(await store.get('a')).toBeUndefined()
    expect([...(await store.partitions!())]).toEqual([])
  })
})

describe.skipIf(redis.reason)(redis.title('subscribe'), () => {
  test('tells of what others changed, not of what it changed itself, and takes no nonsense', async () => {
    const prefix = redis.newPrefix()
    const subscriber = redis.client()
    const store = redis.open({ prefix, subscriber })
    const other = redis.open({ prefix })
    const heard: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = store.subscribe!((partition) => {
      heard.push(partition)
      if (partition === 'last') resolve()
    })
    await put(store, 'own', 'token')
    const nonsense = ['', '{', '{}', '[]', '["x"]', '["x",1]', 'null', '"x"']
    for (const message of nonsense) await redis.client().publish(`${prefix}changed`, message)
    await put(other, '\ud800', 'token')
    await other.update('same', () => undefined)
    await put(other, 'last', 'token')
    await promise
    stop()
    expect(heard).toEqual(['\ud800', 'last'])
  })
})

describe.skipIf(redis.reason)(redis.title('with a client of core'), () => {
  test('two machines share a token; removing it is seen by both', async () => {
    const emulator = createEmulator()
    const { clientId, clientSecret: secret, domain, scope } = emulator.defaults
    const prefix = redis.newPrefix()
    const [one, two] = [1, 2].map(() =>
      createConfidentialClient({
        clientId,
        authority: `https://login.microsoftonline.com/${domain}`,
        credential: clientSecret(secret),
        fetch: emulator.fetch,
        cache: redis.open({ prefix, encryptionKey: new Uint8Array(32) }),
      }),
    )
    const first = await acquireTokenForClient(one!, { scopes: [scope] })
    const second = await acquireTokenForClient(two!, { scopes: [scope] })
    expect([first.source, second.source]).toEqual(['identity_provider', 'cache'])
    expect(second.accessToken).toBe(first.accessToken)
    await removeTokensForClient(two!)
    expect((await acquireTokenForClient(one!, { scopes: [scope] })).source).toBe('identity_provider')
  })
})

describe('an update that fails', () => {
  test('gives what it threw, once for each', async () => {
    const store = redisCache({ client: { sendCommand: async () => null } })
    const errors = await Promise.all(
      [1, 2].map((index) =>
        failure(() =>
          store.update('a', () => {
            throw new Error(`of update ${index}`)
          }),
        ),
      ),
    )
    expect(errors.map(String)).toEqual(['Error: of update 1', 'Error: of update 2'])
    expect(await failure(() => store.update('a', () => 1 as never))).toBeInstanceOf(TypeError)
    expect(await failure(() => store.update('a', () => ({ a: { b: { c: 1n } } })))).toBeInstanceOf(TypeError)
  })
})
