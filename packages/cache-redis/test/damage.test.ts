import { inspect } from 'node:util'
import type { AuthError } from '@latchkey/core'
import { redisCache } from '@latchkey/cache-redis'
import { describe, expect, test } from 'vitest'
import { failure, namesIn, put } from './fixtures/documents.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()
const head = `1.${'t'.repeat(16)}..`
const damaged: [string, string, string?][] = [
  ['an empty text', ''],
  ['something else', 'hello'],
  ['another version', `2.${'t'.repeat(16)}..{}`],
  ['half a record', `1.${'t'.repeat(16)}`],
  ['half a document', `${head}{"AccessToken":{"secret`],
  ['a list', `${head}[]`],
  ['null', `${head}null`],
  ['a section that is none', `${head}{"AccessToken":[]}`],
  ['too much', `${head}{"a":"${'x'.repeat(2 ** 24)}"}`, 'too_large'],
]

describe.skipIf(redis.reason)(redis.title('a damaged value'), () => {
  test.each(damaged)('%s: each call rejects, and nothing is overwritten', async (_, value, suberror = 'damaged') => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix })
    await redis.client().set(`${prefix}p:a`, value)
    for (const operation of [() => store.get('a'), () => put(store, 'a', 'one'), () => put(store, 'a', 'two')]) {
      const error = await failure(operation)
      expect(error).toMatchObject({
        code: 'cache_corrupt',
        suberror,
        message: expect.stringMatching(/^Cannot .*[^.]$/),
      })
      expect(inspect(error)).not.toContain('secret')
    }
    expect(await redis.client().get(`${prefix}p:a`)).toBe(value)
    await put(store, 'b', 'one')
    expect(await namesIn(store, 'b')).toEqual(['one'])
  })

  test.each(damaged)('%s: is put aside and reported where somebody listens', async (_, value, suberror = 'damaged') => {
    const prefix = redis.newPrefix()
    const reports: [AuthError, string][] = []
    const onCorrupt = (...report: [AuthError, string]) => void reports.push(report)
    const store = redis.open({ prefix, onCorrupt, now: () => 1234 })
    await redis.client().set(`${prefix}p:a"`, 'not this one')
    await redis.client().set(`${prefix}p:a`, value)
    if (value.length % 2) expect(await store.get('a')).toBeUndefined()
    await put(store, 'a', 'one')
    expect(await namesIn(store, 'a')).toEqual(['one'])
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject([{ code: 'cache_corrupt', suberror }, 'a'])
    expect(await redis.client().get(`${prefix}damaged:1234:a`)).toBe(value)
    expect(await redis.client().ttl(`${prefix}damaged:1234:a`)).toBeGreaterThan(29 * 86_400)
    expect([...(await store.partitions!())]).toEqual(['a'])
  })

  test('what another key of the keyring should read is not put aside', async () => {
    const prefix = redis.newPrefix()
    const reports: unknown[] = []
    const onCorrupt = (error: unknown) => void reports.push(error)
    await put(redis.open({ prefix, encryptionKey: new Uint8Array(32) }), 'a', 'one')
    const store = redis.open({ prefix, encryptionKey: new Uint8Array(32).fill(1), onCorrupt })
    expect(await failure(() => store.get('a'))).toMatchObject({ suberror: 'key_missing' })
    expect(reports).toEqual([])
  })

  test('a list under the key of a partition is not ours to touch', async () => {
    const prefix = redis.newPrefix()
    const store = redis.open({ prefix, onCorrupt: () => {} })
    await redis.client().lPush(`${prefix}p:a`, 'x')
    for (const operation of [() => store.get('a'), () => put(store, 'a', 'one')])
      expect(await failure(operation)).toMatchObject({ code: 'cache_corrupt', suberror: 'damaged' })
    expect(await redis.client().lRange(`${prefix}p:a`, 0, -1)).toEqual(['x'])
  })

  test('a document that nobody could read again is not written', async () => {
    const store = redis.open()
    await put(store, 'a', 'one')
    expect(await failure(() => put(store, 'a', 'two', { pad: 'x'.repeat(2 ** 24) }))).toMatchObject({
      suberror: 'too_large',
    })
    expect(await namesIn(store, 'a')).toEqual(['one'])
  })

  test('a client whose replies are not of Redis is found out', async () => {
    for (const reply of [{}, true, []]) {
      const store = redisCache({ client: { sendCommand: async () => reply } })
      expect(await failure(() => store.get('a'))).toMatchObject({ code: 'invalid_response' })
      expect(await failure(() => store.partitions!())).toMatchObject({ code: 'invalid_response' })
    }
  })

  test('a client that is set to give bytes will do', async () => {
    const prefix = redis.newPrefix()
    const client = {
      async sendCommand(args: string[]): Promise<unknown> {
        const bytes = (reply: unknown): unknown =>
          Array.isArray(reply) ? reply.map(bytes) : typeof reply === 'string' ? Buffer.from(reply) : reply
        return bytes(await redis.client().sendCommand(args))
      },
    }
    const [one, two] = [redisCache({ client, prefix }), redis.open({ prefix })]
    await Promise.all([put(one, 'a', 'ä'), put(two, 'a', 'b'), put(one, 'a', 'c')])
    expect(await namesIn(one, 'a')).toEqual(['b', 'c', 'ä'])
    expect([...(await one.partitions!())]).toEqual(['a'])
  })
})
