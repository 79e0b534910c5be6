import { describe, expect, it, test } from 'vitest'
import { memoryCache, serializableCache, type CacheDocument, type CacheStore } from '@latchkey/core'
import { cacheStoreContract } from '@latchkey/core/testing'

describe('memoryCache', () => {
  for (const { name, run } of cacheStoreContract(() => ({ store: memoryCache() }))) test(name, ({ skip }) => run(skip))
})

describe('serializableCache', () => {
  const cases = cacheStoreContract(() => ({ store: serializableCache() }), { apart: false })
  for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
})

/** The names of the cases that a store fails. */
async function failures(create: () => CacheStore, reopen?: () => CacheStore): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of cacheStoreContract(() => ({ store: create(), reopen })))
    await run().catch(() => failed.push(name))
  return failed
}

describe('a store that breaks a promise fails', () => {
  it('where it keeps partitions by lower-case name', async () => {
    const create = () => {
      const store = memoryCache()
      const { get, update } = store
      return {
        ...store,
        get: (partition: string) => get(partition.toLowerCase()),
        update: (partition: string, next: Parameters<typeof update>[1]) => update(partition.toLowerCase(), next),
      }
    }
    expect((await failures(create)).join()).toMatch('any text names a partition')
  })

  it('where it copies on each read', async () => {
    const create = () => {
      const store = memoryCache()
      const get = (partition: string) => structuredClone(store.get(partition) as CacheDocument)
      return { ...store, get }
    }
    expect(await failures(create)).toEqual(['the document is the same object while nothing was written'])
  })

  it('where it reads, waits and writes', async () => {
    const create = (): CacheStore => {
      const store = memoryCache()
      return {
        ...store,
        async update(partition, next) {
          const document = next(structuredClone(await store.get(partition)))
          await Promise.resolve()
          await store.update(partition, () => document)
        },
      }
    }
    expect((await failures(create)).join()).toMatch('of 100 simultaneous updates of a partition none is lost')
  })

  it('where it drops what it does not know', async () => {
    const create = (): CacheStore => {
      const store = memoryCache()
      return {
        ...store,
        update: (partition, next) =>
          store.update(partition, (document) => {
            const { AccessToken } = next(document) ?? {}
            return AccessToken && { AccessToken }
          }),
      }
    }
    expect((await failures(create)).join()).toMatch('unknown sections')
  })

  it('where a second instance has nothing', async () => {
    const failed = (await failures(memoryCache, memoryCache)).join()
    expect(failed).toMatch('a second instance reads')
    expect(failed).toMatch('each sees on its next read')
  })
})

test('says why a case does not apply, and closes the store', async () => {
  const reasons: string[] = []
  let closed = 0
  const cases = cacheStoreContract(() => ({ store: memoryCache(), close: () => void closed++ }))
  for (const { run } of cases) await run((reason) => reasons.push(reason))
  expect(closed).toBe(cases.length)
  expect(reasons).toContain('the store has no second instance')
  expect(() => cacheStoreContract(undefined as never)).toThrow(TypeError)
})
