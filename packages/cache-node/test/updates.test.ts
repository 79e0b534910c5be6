import { fileCache, folderCache } from '@latchkey/cache-node'
import type { CacheDocument, CacheStore } from '@latchkey/core'
import { readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentBytes } from '../src/store/documentBytes.js'
import { checkJson, copyJson, sameJson, shareJson } from '../src/store/jsonValue.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

const protection = 'none'
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

describe('what next returns', () => {
  const loop: Record<string, unknown> = {}
  loop['loop'] = loop
  const bad: [string, unknown][] = [
    ['holds itself', loop],
    ['is nested too deeply', { a: nested(1000) }],
    ['holds a bigint', { a: { n: 1n } }],
  ]
  it.each(bad)('is refused where it %s, and takes no neighbour with it', async (why, section) => {
    const store: CacheStore = fileCache({ path: join(temporaryFolder(), 'tokens'), protection })
    const results = await Promise.allSettled([
      put(store, 'one'),
      store.update('a', () => ({ AccessToken: section }) as CacheDocument),
      put(store, 'two'),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const { reason } = results[1] as PromiseRejectedResult
    expect(reason).toBeInstanceOf(TypeError)
    expect(String(reason)).toContain(why === 'holds itself' ? 'nested too deeply' : why)
    expect(await tokensIn(store)).toEqual(['one', 'two'])
  })

  it('may be changed by its owner later, and by the next one, without a change for readers', async () => {
    const store = fileCache({ path: join(temporaryFolder(), 'tokens'), protection })
    await put(store, 'one')
    const before = await store.get('a')
    await expect(
      store.update('a', (document) => {
        document!.AccessToken!['one']!['secret'] = 'another'
        throw new Error('given up')
      }),
    ).rejects.toThrow('given up')
    expect(before).toEqual({ AccessToken: { one: { secret: 'secret of one' } } })
    expect(await store.get('a')).toEqual(before)
  })
})

describe('a write', () => {
  it.each(['fileCache', 'folderCache'])(
    'is later than the one before it, however the clock stands: %s',
    async (kind) => {
      const path = join(temporaryFolder(), 'tokens')
      const now = (): number => 1_700_000_000_000
      const store = kind === 'fileCache' ? fileCache({ path, protection, now }) : folderCache({ path, protection, now })
      const times = []
      for (let index = 0; index < 20; index++) {
        await put(store, String(index).padStart(2, '0'))
        times.push(Math.round(statSync(kind === 'fileCache' ? path : join(path, readdirSync(path)[0]!)).mtimeMs))
      }
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
      expect(times.filter((time) => time % 10 === 0)).toEqual([])
    },
  )

  it('is not later than a clock that was a day ahead: that one is not followed', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection, now: () => 1_700_000_000_000 })
    await put(store, 'one')
    utimesSync(path, 1_700_086_400, 1_700_086_400)
    await put(store, 'two')
    expect(Math.round(statSync(path).mtimeMs)).toBe(1_700_000_000_001)
  })

  it('is in memory at once: the next read is no promise', async () => {
    const store = fileCache({ path: join(temporaryFolder(), 'tokens'), protection })
    await put(store, 'one')
    expect(store.get('a')).toEqual({ AccessToken: { one: { secret: 'secret of one' } } })
  })

  it('that changes nothing is none', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    const { ino, mtimeNs } = statSync(path, { bigint: true })
    await put(store, 'one')
    await store.update('a', (document) => structuredClone(document))
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs })
  })
})

describe('what is written', () => {
  const odd = {
    AccessToken: { one: { secret: 'a\n"b"', extra: { list: [1, [], {}, [{ a: 1 }]] } }, two: {}, __proto__: null },
    RefreshToken: {},
    AppMetadata: { no: undefined, entity: 'a text', none: null, list: [1, { a: 2 }] },
    Nothing: undefined,
    OnlyNothing: { no: undefined },
    Number: 1,
    List: [{ a: [1] }, 'b'],
    'a "name"\n': { 'key\n': { é: '\u2028\ud800' } },
  }
  const documents: [string, unknown][] = [
    ['nothing', {}],
    ['odd things', odd],
    [
      'awkward names',
      JSON.parse('{"__proto__":{"a":{"b":1}},"AccessToken":{"__proto__":{"__proto__":1},"toString":{}}}'),
    ],
  ]
  it.each(documents)('is what JSON.stringify gives, the first time and every time after: %s', (_name, value) => {
    for (const indent of [0, 4]) {
      const write = documentBytes(indent)
      const document = value as CacheDocument
      const text = JSON.stringify(document, undefined, indent)
      for (let time = 0; time < 3; time++)
        expect(Buffer.concat(write(document)).toString()).toBe(Buffer.from(text).toString())
      const turned = Object.fromEntries(Object.entries(document).toReversed())
      expect(Buffer.concat(write(turned)).toString()).toBe(
        Buffer.from(JSON.stringify(turned, undefined, indent)).toString(),
      )
    }
  })

  it('has an entity under its new name, where it has one', () => {
    const entity = { secret: 'a' }
    const write = documentBytes(4)
    for (const name of ['one', 'two']) {
      const document = { AccessToken: { [name]: entity } }
      expect(Buffer.concat(write(document)).toString()).toBe(JSON.stringify(document, undefined, 4))
    }
  })
})

describe('JSON values', () => {
  const awkward = '{"__proto__":{"polluted":1},"a":[1,null,{"b":[]}],"c":"","toString":{},"d":{"__proto__":null}}'

  it('are copied with everything in them, and nothing else', () => {
    const value = JSON.parse(awkward) as Record<string, unknown>
    const copy = copyJson(value)
    expect(JSON.stringify(copy)).toBe(awkward)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(sameJson(copy, value)).toBe(true)
    ;(copy['a'] as unknown[]).push(1)
    expect(JSON.stringify(value)).toBe(awkward)
    expect(sameJson(copy, value)).toBe(false)
    expect(copyJson({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' })
  })

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: [] }, { a: {} }],
    [{ a: null }, { a: {} }],
    [{ a: '1' }, { a: 1 }],
    [undefined, {}],
    [JSON.parse('{"__proto__":1}'), {}],
    [{ at: new Date(0) }, { at: new Date(1) }],
    [{ a: undefined }, { b: 1 }],
  ])('differ: %j, %j, before they are checked and after', (one, other) => {
    for (const _ of ['before', 'after']) {
      expect(sameJson(one, other)).toBe(false)
      expect(sameJson(other, one)).toBe(false)
      for (const value of [one, other]) checkJson(value)
    }
  })

  it('that were checked are copied and compared as others are', () => {
    const entity = JSON.parse('{"secret":"a","__proto__":"b","empty":null}') as Record<string, unknown>
    checkJson(entity)
    const copy = copyJson(entity)
    expect(copy).not.toBe(entity)
    expect(JSON.stringify(copy)).toBe(JSON.stringify(entity))
    expect(sameJson(copy, entity)).toBe(true)
    copy['secret'] = 'c'
    expect(sameJson(copy, entity)).toBe(false)
    expect(entity['secret']).toBe('a')
  })

  it('share what is the same in both, and nothing else', () => {
    const known = { a: { one: { x: 1 }, two: { x: [1, 2] } }, b: {}, c: [{}] }
    const value = { a: { one: { x: 1 }, two: { x: [1, 3] }, three: { x: 1 } }, b: {}, c: [{}], d: null }
    const text = JSON.stringify(value)
    const { two, three } = value.a
    const shared = shareJson(value, known)
    expect(JSON.stringify(shared)).toBe(text)
    expect(JSON.stringify(value)).toBe(text)
    expect(known).toEqual({ a: { one: { x: 1 }, two: { x: [1, 2] } }, b: {}, c: [{}] })
    expect([shared.a.one, shared.b, shared.c]).toEqual([known.a.one, known.b, known.c])
    for (const [one, other] of [
      [shared.a.one, known.a.one],
      [shared.b, known.b],
      [shared.c, known.c],
      // What is new is taken as it is: others may know it, too.
      [shared.a.two, two],
      [shared.a.three, three],
    ])
      expect(one).toBe(other)
    expect(shareJson(structuredClone(shared), shared)).toBe(shared)
    const proto = '{"b":{},"__proto__":{"a":1}}'
    expect(JSON.stringify(shareJson(JSON.parse(proto), { b: {} }))).toBe(proto)
    const { a, c } = structuredClone(known)
    expect(shareJson({ a: { two: a.two }, c }, known), 'what was removed is not brought back').toEqual({
      a: { two: known.a.two },
      c: known.c,
    })
    expect(shareJson(JSON.parse(awkward), JSON.parse(awkward.replace('null', '1')))).toEqual(JSON.parse(awkward))
  })

  it('may be nested, and not without end', () => {
    expect(() => checkJson(nested(400))).not.toThrow()
    expect(() => checkJson(nested(100_000))).toThrow(RangeError)
  })
})
