import { createStore, get, keys, set, type UseStore } from 'idb-keyval'
import type { AuthError } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { idbCacheOn } from '../src/idbCache.js'
import { openStore } from '../src/openStore.js'
import type { Platform } from '../src/platform.js'
import type { StoredRecord } from '../src/records.js'
import { namesIn, put } from './fixtures/documents.js'
import { fakePlatform } from './fixtures/fakePlatform.js'

function setUp(now = 1234) {
  const platform = fakePlatform()
  const use: UseStore = openStore(platform.indexedDB!, 'latchkey-tokens', 5000)
  return { platform, use, open: () => openTab(platform, now) }
}

function openTab(platform: Platform, now: number) {
  const reports: [AuthError, (string | undefined)?][] = []
  const store = idbCacheOn(platform, {
    now: () => now++,
    onCorrupt: (...report) => reports.push(report),
    onDegraded(error) {
      throw error
    },
  })
  return { store, reports }
}

const namesOf = async (use: UseStore): Promise<unknown[]> => (await keys(use)).filter((name) => name !== 'key')

describe('a damaged record', () => {
  const damages: [string, (record: StoredRecord) => unknown][] = [
    ['a text', () => 'x'],
    ['nothing', () => null],
    ['another version', (record) => ({ ...record, version: 2 })],
    ['a short vector', (record) => ({ ...record, iv: new Uint8Array(8) })],
    ['no data', ({ iv }) => ({ version: 1, iv })],
    ['half the data', (record) => ({ ...record, data: record.data.slice(0, 20) })],
    [
      'a changed byte',
      (record) => ({
        ...record,
        data: Uint8Array.from(new Uint8Array(record.data), (b, i) => (i === 3 ? b ^ 1 : b)).buffer,
      }),
    ],
    ['another vector', (record) => ({ ...record, iv: new Uint8Array(12) })],
  ]
  test.each(damages)('%s: is put aside and reported; the user signs in again', async (_, damage) => {
    const { use, open } = setUp()
    await put(open().store, 'a', 'one')
    await put(open().store, 'b', 'one')
    const damaged = damage((await get<StoredRecord>('p:a', use))!)
    await set('p:a', damaged, use)
    const { store, reports } = open()
    expect(await store.get('a')).toBeUndefined()
    expect(reports).toMatchObject([[{ code: 'cache_corrupt', suberror: 'damaged' }, 'a']])
    expect(await namesOf(use)).toEqual(['damaged:0000000000001234:a', 'p:b'])
    expect(await get('damaged:0000000000001234:a', use)).toEqual(damaged)
    await put(store, 'a', 'two')
    expect(await namesIn(store, 'a')).toEqual(['two'])
    expect(await namesIn(store, 'b')).toEqual(['one'])
    expect([...(await store.partitions!())].sort()).toEqual(['a', 'b'])
    expect(reports).toHaveLength(1)
  })

  test('an update that meets it goes on as well', async () => {
    const { use, open } = setUp()
    await put(open().store, 'a', 'one')
    await set('p:a', [], use)
    const { store, reports } = open()
    await put(store, 'a', 'two')
    expect(await namesIn(store, 'a')).toEqual(['two'])
    expect(reports).toHaveLength(1)
  })

  test('a record of another user is one', async () => {
    const { use, open } = setUp()
    for (const partition of ['lone \ud800', 'b']) await put(open().store, partition, `of ${partition}`)
    for (const partition of ['b', 'lone \ud801']) {
      await set(`p:${partition}`, await get('p:lone \ud800', use), use)
      const { store, reports } = open()
      expect(await store.get(partition)).toBeUndefined()
      expect(reports).toMatchObject([[{ suberror: 'damaged' }, partition]])
    }
  })

  test('what is encrypted, but no token cache, is one', async () => {
    for (const document of ['[]', '{"AccessToken":[]}', '{"AccessTo']) {
      const { use, open } = setUp()
      await put(open().store, 'a', 'one')
      const { key } = (await get<{ key: CryptoKey }>('key', use))!
      const iv = new Uint8Array(12)
      const algorithm = { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode('"a"') }
      const data = await crypto.subtle.encrypt(algorithm, key, new TextEncoder().encode(document))
      await set('p:a', { version: 1, iv, data }, use)
      const { store, reports } = open()
      expect(await store.get('a')).toBeUndefined()
      expect(reports).toHaveLength(1)
    }
  })

  test('the ten newest are kept', async () => {
    const { use, open } = setUp(0)
    const { store, reports } = open()
    for (let index = 0; index < 13; index++) {
      await set('p:a', `damage ${index}`, use)
      await store.get('a')
    }
    expect(reports).toHaveLength(13)
    const kept = await namesOf(use)
    expect(kept).toEqual(Array.from({ length: 10 }, (_, index) => `damaged:${String(index + 3).padStart(16, '0')}:a`))
  })
})

describe('the key', () => {
  test('cannot be read out, and stays the same', async () => {
    const { use, open } = setUp()
    await put(open().store, 'a', 'one')
    const { key } = (await get<{ key: CryptoKey }>('key', use))!
    expect(key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
    expect(await namesIn(open().store, 'a')).toEqual(['one'])
    expect([...(await open().store.partitions!())]).toEqual(['a'])
  })

  test('tabs that start at once agree on one', async () => {
    const { open } = setUp()
    const tabs = Array.from({ length: 8 }, open)
    await Promise.all(tabs.map(({ store }, index) => put(store, `p ${index}`, 'one')))
    const last = open()
    for (let index = 0; index < 8; index++) expect(await namesIn(last.store, `p ${index}`)).toEqual(['one'])
    expect(last.reports).toEqual([])
  })

  const generate = (extractable: boolean, ...usages: KeyUsage[]) =>
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, extractable, usages)
  const unusable: [string, () => Promise<unknown>][] = [
    ['is a text', async () => 'x'],
    ['came back as an empty object', async () => ({ id: 'id', key: {} })],
    ['has no name', async () => ({ key: await generate(false, 'encrypt', 'decrypt') })],
    ['may not decrypt', async () => ({ id: 'id', key: await generate(false, 'encrypt') })],
    ['can be read out', async () => ({ id: 'id', key: await generate(true, 'encrypt', 'decrypt') })],
    [
      'is for something else',
      async () => ({
        id: 'id',
        key: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
      }),
    ],
  ]
  test.each(unusable)('that %s is put aside and reported; the user signs in again', async (_, make) => {
    const { use, open } = setUp()
    await put(open().store, 'a', 'one')
    await set('key', await make(), use)
    const { store, reports } = open()
    expect(await store.get('a')).toBeUndefined()
    expect(reports).toMatchObject([
      [{ code: 'cache_corrupt', suberror: 'key_unusable' }],
      [{ code: 'cache_corrupt', suberror: 'damaged' }, 'a'],
    ])
    expect(await namesOf(use)).toEqual(['damaged:0000000000001234:key', 'damaged:0000000000001235:a'])
    await put(store, 'a', 'two')
    expect(await namesIn(open().store, 'a')).toEqual(['two'])
  })

  test('that the browser cannot keep: in memory', async () => {
    for (const [key, suberror] of [
      [{}, 'encryption_unavailable'],
      [() => {}, 'encryption_unavailable'],
    ]) {
      const reports: AuthError[] = []
      const subtle = Object.assign(Object.create(crypto.subtle), { generateKey: async () => key })
      const platform = fakePlatform({ subtle })
      const store = idbCacheOn(platform, { onDegraded: (error) => reports.push(error) })
      await put(store, 'a', 'one')
      expect(await namesIn(store, 'a')).toEqual(['one'])
      expect(reports).toMatchObject([{ code: 'cache_locked', suberror }])
    }
  })
})

test('idb-keyval sees what is kept', async () => {
  const { platform, use, open } = setUp()
  await put(open().store, 'a', 'one')
  Object.assign(globalThis, { indexedDB: platform.indexedDB })
  try {
    expect(await keys(createStore('latchkey-tokens', 'tokens'))).toEqual(await keys(use))
  } finally {
    Reflect.deleteProperty(globalThis, 'indexedDB')
  }
})
