import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { AuthError } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { failure, namesIn, put } from './fixtures/documents.js'
import { redisForTests } from './fixtures/redisForTests.js'

const redis = await redisForTests()
const [first, second] = [randomBytes(32), randomBytes(32)]

describe.skipIf(redis.reason)(redis.title('encryption'), () => {
  const setUp = (encryptionKey?: Uint8Array | Uint8Array[]) => {
    const prefix = redis.newPrefix()
    const open = (key = encryptionKey) => redis.open({ prefix, encryptionKey: key })
    const value = async (partition = 'a') => (await redis.client().get(`${prefix}p:${partition}`)) ?? ''
    return { prefix, open, value }
  }

  test('nothing of a document can be read in Redis, and no two values are the same', async () => {
    const { open, value } = setUp(first)
    await put(open(), 'a', 'ünï 😀')
    const before = await value()
    expect(before).toMatch(/^1\.[\w+/]{16}\.[\w+/]{12}\.[\w+/]+=*$/)
    expect(Buffer.from(before.split('.')[3]!, 'base64').toString('latin1')).not.toContain('secret')
    expect(await namesIn(open(), 'a')).toEqual(['ünï 😀'])
    await open().update('a', () => undefined)
    await put(open(), 'a', 'ünï 😀')
    expect((await value()).split('.')[3]).not.toBe(before.split('.')[3])
  })

  test('without a key it is JSON that people can read', async () => {
    const { open, value } = setUp()
    await put(open(), 'a', 'one')
    const [, json] = /^1\.[\w+/]{16}\.\.(.*)$/.exec(await value()) ?? []
    expect(JSON.parse(json!)).toEqual({ AccessToken: { one: { secret: 'secret of one' } } })
  })

  test('keys are rotated by a list: the first encrypts, all decrypt', async () => {
    const { open, value } = setUp()
    await put(open(first), 'a', 'one')
    const id = (await value()).split('.')[2]
    expect(await namesIn(open([second, first]), 'a')).toEqual(['one'])
    expect((await value()).split('.')[2]).toBe(id)
    await put(open([second, first]), 'a', 'two')
    expect((await value()).split('.')[2]).not.toBe(id)
    expect(await namesIn(open(second), 'a')).toEqual(['one', 'two'])
    // A machine that does not know the new key yet neither reads nor destroys.
    const store = open(first)
    for (const operation of [() => store.get('a'), () => put(store, 'a', 'three')])
      expect(await failure(operation)).toMatchObject({ code: 'cache_corrupt', suberror: 'key_missing' })
    expect(await namesIn(open(second), 'a')).toEqual(['one', 'two'])
  })

  test('the key is copied: what the caller does with its bytes later means nothing', async () => {
    const { open } = setUp()
    const bytes = Uint8Array.from(first)
    const store = open(bytes)
    bytes.fill(0)
    await put(store, 'a', 'one')
    expect(await namesIn(open(first), 'a')).toEqual(['one'])
  })

  test('a value that was changed, cut or moved to another user is refused and stays', async () => {
    const { prefix, open, value } = setUp(first)
    await put(open(), 'a', 'one')
    const good = await value()
    const flipped = good.slice(0, -8) + (good.at(-8) === 'A' ? 'B' : 'A') + good.slice(-7)
    const parts = good.split('.')
    const bad = [
      flipped,
      good.slice(0, -4),
      `${parts.slice(0, 3).join('.')}.`,
      `${parts.slice(0, 3).join('.')}.no base64!`,
      `1.${'A'.repeat(16)}.${parts[2]}.${parts[3]}`,
    ]
    for (const text of bad) {
      await redis.client().set(`${prefix}p:a`, text)
      for (const operation of [() => open().get('a'), () => put(open(), 'a', 'two')])
        expect(await failure(operation)).toMatchObject({ code: 'cache_corrupt', suberror: 'damaged' })
      expect(await value()).toBe(text)
    }
    await redis.client().set(`${prefix}p:b`, good)
    expect(await failure(() => open().get('b'))).toMatchObject({ code: 'cache_corrupt' })
  })

  test('plain values are refused where a key is given, encrypted ones where none is', async () => {
    const { open } = setUp()
    await put(open(), 'plain', 'one')
    await put(open(first), 'encrypted', 'one')
    const reason = async (operation: () => unknown) => {
      const error = await failure(operation)
      expect(error).toBeInstanceOf(AuthError)
      expect(inspect(error)).not.toContain('secret of')
      return (error as AuthError).suberror
    }
    expect(await reason(() => open(first).get('plain'))).toBe('not_encrypted')
    expect(await reason(() => put(open(first), 'plain', 'two'))).toBe('not_encrypted')
    expect(await reason(() => open().get('encrypted'))).toBe('key_missing')
    expect(await namesIn(open(), 'plain')).toEqual(['one'])
    expect(await namesIn(open(first), 'encrypted')).toEqual(['one'])
  })
})
