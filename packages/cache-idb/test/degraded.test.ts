import { inspect } from 'node:util'
import type { AuthError, CacheStore } from '@latchkey/core'
import { FDBObjectStore, FDBFactory } from './fixtures/fakeIndexedDb.js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { idbCacheOn } from '../src/idbCache.js'
import type { IdbCacheOptions } from '../src/IdbCacheOptions.js'
import type { Platform } from '../src/platform.js'
import { namesIn, put } from './fixtures/documents.js'
import { fakePlatform } from './fixtures/fakePlatform.js'

/** A store, and what it reported. */
function open(platform: Platform, options: IdbCacheOptions = {}): { store: CacheStore; reports: AuthError[] } {
  const reports: AuthError[] = []
  const onDegraded = (error: AuthError): void => void reports.push(error)
  const onCorrupt = (error: AuthError): void => {
    throw error
  }
  return { store: idbCacheOn(platform, { onDegraded, onCorrupt, ...options }), reports }
}

/** Everything works, for this page, and was reported once. */
async function expectMemory({ store, reports }: ReturnType<typeof open>, suberror: string): Promise<void> {
  expect(await store.get('m')).toBeUndefined()
  await Promise.all([put(store, 'm', 'one'), put(store, 'm', 'two'), put(store, 'n', 'one')])
  expect(await namesIn(store, 'm')).toEqual(['one', 'two'])
  expect(await store.get('m')).toBe(await store.get('m'))
  await store.update('n', () => undefined)
  expect([...(await store.partitions!())].sort()).toEqual(expect.arrayContaining(['m']))
  expect([...(await store.partitions!())]).not.toContain('n')
  expect(reports.map((error) => [error.code, error.suberror])).toEqual([['cache_locked', suberror]])
  expect(reports[0]!.message).toMatch(/^Cannot .*[^.]$/)
  expect(inspect(reports)).not.toContain('secret of')
}

const fail = (name: string): never => {
  throw new DOMException('of the test', name)
}

/** For the rest of the test, a method fails as browsers fail. */
function breakMethod(method: 'get' | 'put' | 'getAllKeys', body: (...args: unknown[]) => void): { mend(): void } {
  const original = FDBObjectStore.prototype[method] as (...args: unknown[]) => unknown
  const spy = vi.spyOn(FDBObjectStore.prototype, method).mockImplementation(function (
    this: unknown,
    ...args: unknown[]
  ) {
    body.apply(this, args)
    return original.apply(this, args) as never
  } as never)
  onTestFinished(() => spy.mockRestore())
  return { mend: () => spy.mockRestore() }
}

describe('storage that is blocked', () => {
  const factory = (openDatabase: () => unknown): IDBFactory => ({ open: openDatabase }) as unknown as IDBFactory
  const failing = (): unknown => {
    const error = new DOMException('of the test', 'UnknownError')
    const request = { error, onerror: (): void => {}, addEventListener: (): void => {} }
    setTimeout(() => request.onerror())
    return request
  }
  const blocked: [string, Partial<Platform>, string][] = [
    ['there is no IndexedDB', { indexedDB: undefined }, 'storage_blocked'],
    ['opening throws', { indexedDB: factory(() => fail('SecurityError')) }, 'storage_blocked'],
    ['opening fails', { indexedDB: factory(failing) }, 'storage_blocked'],
    ['opening never ends', { indexedDB: factory(() => ({ addEventListener: () => {} })) }, 'storage_blocked'],
    ['the page is not secure', { subtle: undefined }, 'encryption_unavailable'],
  ]
  test.each(blocked)('%s: in memory', async (_, overrides, suberror) => {
    await expectMemory(open(fakePlatform(overrides), { timeout: 50 }), suberror)
  })

  test('a database of another program under the same name: in memory', async () => {
    const indexedDB = new FDBFactory()
    await new Promise((resolve) => {
      const request = indexedDB.open('latchkey-tokens', 3)
      request.onsuccess = resolve
    })
    await expectMemory(open(fakePlatform({ indexedDB })), 'storage_blocked')
  })

  test('it fails while the page is open: the user stays signed in', async () => {
    const tab = open(fakePlatform())
    await put(tab.store, 'a', 'one')
    breakMethod('get', () => fail('UnknownError'))
    expect(await namesIn(tab.store, 'a')).toEqual(['one'])
    await expectMemory(tab, 'storage_blocked')
    expect([...(await tab.store.partitions!())].sort()).toEqual(['a', 'm'])
  })

  test('listing fails: what is known is listed', async () => {
    const tab = open(fakePlatform())
    await put(tab.store, 'a', 'one')
    breakMethod('getAllKeys', () => fail('UnknownError'))
    expect([...(await tab.store.partitions!())]).toEqual(['a'])
    await expectMemory(tab, 'storage_blocked')
  })

  test('it forgets to answer while the page is open', async () => {
    const tab = open(fakePlatform(), { timeout: 50 })
    await put(tab.store, 'a', 'one')
    const spy = vi.spyOn(FDBObjectStore.prototype, 'get').mockImplementation(() => ({}) as never)
    onTestFinished(() => spy.mockRestore())
    expect(await namesIn(tab.store, 'a')).toEqual(['one'])
    await expectMemory(tab, 'storage_blocked')
  })
})

describe('a connection that is closed', () => {
  const request = (indexedDB: IDBFactory, version: number): Promise<IDBDatabase> =>
    new Promise((resolve) => {
      const request = indexedDB.open('latchkey-tokens', version)
      request.onsuccess = () => resolve(request.result)
    })

  test('because another tab has a newer version: it is opened again', async () => {
    const platform = fakePlatform()
    const { store, reports } = open(platform)
    await put(store, 'a', 'one')
    ;(await request(platform.indexedDB!, 2)).close()
    expect(await namesIn(store, 'a')).toEqual(['one'])
    expect(reports).toEqual([])
  })

  test('because another tab deletes the database: it begins anew', async () => {
    const platform = fakePlatform()
    const { store, reports } = open(platform)
    await put(store, 'a', 'one')
    const clear = () =>
      new Promise((resolve) => {
        platform.indexedDB!.deleteDatabase('latchkey-tokens').onsuccess = resolve
      })
    await clear()
    expect(await store.get('a')).toBeUndefined()
    await put(store, 'a', 'two')
    expect(await namesIn(open(platform).store, 'a')).toEqual(['two'])
    // Another tab has begun anew before this one looks, so the key is another.
    await clear()
    await put(open(platform).store, 'a', 'three')
    expect(await namesIn(store, 'a')).toEqual(['three'])
    await clear()
    await put(open(platform).store, 'b', 'one')
    await put(store, 'a', 'four')
    expect(await namesIn(open(platform).store, 'a')).toEqual(['four'])
    expect(reports).toEqual([])
  })

  test('without a word: it is opened again', async () => {
    const platform = fakePlatform()
    const opened: IDBDatabase[] = []
    const real = platform.indexedDB!.open.bind(platform.indexedDB)
    vi.spyOn(platform.indexedDB!, 'open').mockImplementation((name, version) => {
      const request = real(name, version)
      request.addEventListener('success', () => opened.push(request.result))
      return request
    })
    const { store, reports } = open(platform)
    await put(store, 'a', 'one')
    opened[0]!.close()
    expect(await namesIn(store, 'a')).toEqual(['one'])
    expect([opened.length, reports]).toEqual([2, []])
  })
})

describe('a write that fails', () => {
  test.each([
    ['QuotaExceededError', 'storage_full'],
    ['UnknownError', 'storage_failed'],
  ])('%s: the user goes on, and it is written once it can be', async (name, suberror) => {
    const platform = fakePlatform()
    const { store, reports } = open(platform)
    await put(store, 'a', 'one')
    const { mend } = breakMethod('put', () => fail(name))
    await put(store, 'a', 'two')
    await put(store, 'b', 'one')
    expect(await namesIn(store, 'a')).toEqual(['one', 'two'])
    expect([...(await store.partitions!())].sort()).toEqual(['a', 'b'])
    expect(reports).toMatchObject([{ code: 'cache_locked', suberror }])
    const other = open(platform).store
    expect(await namesIn(other, 'a')).toEqual(['one'])

    mend()
    await store.update('a', (document) => document)
    expect(await namesIn(other, 'a')).toEqual(['one', 'two'])
    await store.update('b', () => undefined)
    expect(await store.get('b')).toBeUndefined()
    breakMethod('put', () => fail(name))
    await put(store, 'a', 'three')
    expect(reports).toHaveLength(2)
  })

  test('what another tab wrote since then is newer', async () => {
    const platform = fakePlatform()
    const { store } = open(platform)
    await put(store, 'a', 'one')
    const { mend } = breakMethod('put', () => fail('QuotaExceededError'))
    await put(store, 'a', 'lost')
    mend()
    await put(open(platform).store, 'a', 'two')
    expect(await namesIn(store, 'a')).toEqual(['one', 'two'])
  })

  test('a partition that cannot be deleted is gone for this page', async () => {
    const platform = fakePlatform()
    const { store, reports } = open(platform)
    await put(store, 'a', 'one')
    vi.spyOn(FDBObjectStore.prototype, 'delete').mockImplementationOnce(() => fail('UnknownError'))
    await store.update('a', () => undefined)
    expect(await store.get('a')).toBeUndefined()
    expect([...(await store.partitions!())]).toEqual([])
    expect(reports).toMatchObject([{ suberror: 'storage_failed' }])
  })

  test('who loses every race keeps it in memory', async () => {
    const platform = fakePlatform({ locks: undefined })
    const { store, reports } = open(platform)
    const other = open(platform).store
    await put(store, 'a', 'one')
    // Whenever this tab has encrypted what it is about to write, another one writes.
    const { subtle } = platform
    let turn = 0
    const busy: SubtleCrypto = Object.assign(Object.create(subtle!), {
      decrypt: subtle!.decrypt.bind(subtle),
      generateKey: subtle!.generateKey.bind(subtle),
      async encrypt(...args: Parameters<SubtleCrypto['encrypt']>) {
        if (args[2].byteLength > 1) await put(other, 'a', `other ${turn++}`)
        return subtle!.encrypt(...args)
      },
    })
    const loser = open({ ...platform, subtle: busy })
    await put(loser.store, 'a', 'two')
    expect(loser.reports).toMatchObject([{ code: 'cache_locked', suberror: 'lock_timeout' }])
    expect(turn).toBe(100)
    expect(reports).toEqual([])
  })
})

describe('a lock', () => {
  test('that a sleeping tab holds is not waited for longer than the timeout; nothing is lost', async () => {
    const platform = fakePlatform()
    const { promise, resolve } = Promise.withResolvers<void>()
    const held = navigator.locks.request('latchkey latchkey-tokens a', () => promise)
    const [one, two] = [open(platform, { timeout: 20 }), open(platform, { timeout: 20 })]
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => put((index % 2 ? one : two).store, 'a', `token ${index}`)),
    )
    expect(await namesIn(one.store, 'a')).toHaveLength(10)
    resolve()
    await held
  })

  test('that the browser refuses is done without', async () => {
    const locks = { request: () => Promise.reject(new DOMException('of the test', 'SecurityError')) }
    const { store, reports } = open(fakePlatform({ locks: locks as unknown as LockManager }))
    await put(store, 'a', 'one')
    expect(await namesIn(store, 'a')).toEqual(['one'])
    await expect(
      store.update('a', () => {
        throw new Error('of the update')
      }),
    ).rejects.toThrow('of the update')
    expect(reports).toEqual([])
  })
})

describe('a channel that fails', () => {
  test('breaks no write', async () => {
    class Broken {
      postMessage(): void {
        fail('InvalidStateError')
      }
    }
    const { store } = open(fakePlatform({ BroadcastChannel: Broken as unknown as typeof BroadcastChannel }))
    await put(store, 'a', 'one')
    expect(await namesIn(store, 'a')).toEqual(['one'])
  })

  test('nonsense from another script is not passed on', async () => {
    const platform = fakePlatform()
    const { store } = open(platform, { name: 'nonsense' })
    const heard: unknown[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = store.subscribe!((partition) => {
      heard.push(partition)
      resolve()
    })
    const channel = new BroadcastChannel('latchkey nonsense')
    for (const message of [1, null, {}, ['a'], 'a']) channel.postMessage(message)
    await promise
    stop()
    channel.close()
    expect(heard).toEqual(['a'])
  })
})
