import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { putAccessToken } from '../src/cache/accessTokenIndex.js'
import { findAccessToken } from '../src/cache/findAccessToken.js'
import { memoryCache } from '../src/cache/memoryCache.js'
import { tokenGroup } from '../src/cache/tokenGroup.js'
import type { Client } from '../src/client/client.js'
import type { CacheDocument, CacheStore } from '../src/ports/cacheStore.js'

const now = 1_800_000_000_000

function put(store: CacheStore, partition: string, key: string, secondsLeft: number, secret = 'token'): void {
  const entity = {
    credential_type: 'AccessToken',
    secret,
    home_account_id: null,
    environment: 'login.microsoftonline.com',
    client_id: 'client',
    realm: partition,
    target: `api://${key}/.default`,
    expires_on: `${now / 1000 + secondsLeft}`,
  }
  void store.update(partition, (document) => putAccessToken(document, entity, false))
}

function tokens(store: CacheStore): [key: string, secondsLeft: number][] {
  return [...(store.partitions!() as Iterable<string>)].flatMap((partition) =>
    Object.values((store.get(partition) as CacheDocument).AccessToken ?? {}).map((entity): [string, number] => [
      String(entity['target']).slice('api://'.length, -'/.default'.length),
      Number(entity['expires_on']) - now / 1000,
    ]),
  )
}

describe('memoryCache', () => {
  it('keeps partitions apart', () => {
    const store = memoryCache()
    put(store, 'a', 'one', 3600)
    expect(tokens(store)).toEqual([['one', 3600]])
    expect(store.get('b')).toBeUndefined()
  })

  it('drops a partition for which next returns nothing', () => {
    const store = memoryCache()
    put(store, 'a', 'one', 3600)
    void store.update('a', () => undefined)
    expect([...(store.partitions!() as Iterable<string>)]).toEqual([])
  })

  it('never holds more entries than allowed', () => {
    const store = memoryCache({ maxEntries: 50, now: () => now })
    for (let index = 0; index < 500; index++) {
      put(store, `tenant-${index % 7}`, `key-${index}`, 3600)
      expect(tokens(store).length).toBeLessThanOrEqual(50)
    }
    expect(tokens(store).length).toBeGreaterThan(40)
  })

  it('holds fewer where tokens are large', () => {
    const store = memoryCache({ maxEntries: 100, maxBytes: 10_000, now: () => now })
    for (let index = 0; index < 200; index++) put(store, 'tenant', `key-${index}`, 3600, 'x'.repeat(1000))
    // Counted once in several writes: the limit and what came since.
    expect(tokens(store).length).toBeLessThanOrEqual(16)
  })

  it('lets go of the partition that was written least recently', () => {
    const store = memoryCache({ maxEntries: 10, now: () => now })
    for (let index = 0; index < 9; index++) put(store, `tenant-${index}`, `key-${index}`, 3600)
    put(store, 'tenant-0', 'key-0', 7200)
    put(store, 'tenant-9', 'key-9', 3600)
    const kept = tokens(store).map(([key]) => key)
    expect(kept).toContain('key-0')
    expect(kept).toContain('key-9')
    expect(kept).not.toContain('key-1')
  })

  it('keeps no empty partition of what it let go of', () => {
    const store = memoryCache({ maxEntries: 10, now: () => now })
    for (let index = 0; index < 200; index++) put(store, `tenant-${index}`, `key-${index}`, 3600)
    expect([...(store.partitions!() as Iterable<string>)].length).toBeLessThanOrEqual(10)
  })

  it('never lets go of a live token while one that is over is there', () => {
    const written = fc.record({
      partition: fc.integer({ min: 0, max: 5 }),
      key: fc.integer({ min: 0, max: 60 }),
      secondsLeft: fc.oneof(fc.integer({ min: -5000, max: -1 }), fc.integer({ min: 1, max: 5000 })),
    })
    fc.assert(
      fc.property(fc.array(written, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (writes, maxEntries) => {
        const store = memoryCache({ maxEntries, now: () => now })
        const live = new Set<string>()
        for (const { partition, key, secondsLeft } of writes) {
          const name = `${partition}/${key}`
          put(store, `tenant-${partition}`, name, secondsLeft)
          if (secondsLeft > 0) live.add(name)
          else live.delete(name)
          const kept = tokens(store)
          const lost = [...live].filter((name) => !kept.some(([key]) => key === name))
          if (lost.length > 0) expect(kept.filter(([, secondsLeft]) => secondsLeft < 0)).toEqual([])
          for (const name of lost) live.delete(name)
        }
      }),
    )
  })
})

describe('what was used least recently goes first', () => {
  const client = { clientCapabilities: [], now: () => now } as unknown as Client
  const names = (store: CacheStore): string[] =>
    tokens(store)
      .map(([key]) => key)
      .sort()
  const use = (store: CacheStore, partition: string, key: string): void => {
    const group = tokenGroup({ environment: 'login.microsoftonline.com', client_id: 'client', realm: partition })
    const { token } = findAccessToken(store.get(partition) as CacheDocument, group, [`api://${key}/.default`], client)
    expect(token).toBeDefined()
  }

  it('within a partition', () => {
    const store = memoryCache({ maxEntries: 4, now: () => now })
    for (const key of ['a', 'b', 'c']) put(store, 'tenant', key, 3600)
    use(store, 'tenant', 'a')
    put(store, 'tenant', 'd', 3600)
    expect(names(store)).toEqual(['a', 'c', 'd'])
  })

  it('among partitions', () => {
    const store = memoryCache({ maxEntries: 4, now: () => now })
    for (const key of ['a', 'b', 'c']) put(store, key, key, 3600)
    use(store, 'a', 'a')
    put(store, 'd', 'd', 3600)
    expect(names(store)).toEqual(['a', 'c', 'd'])
    expect([...(store.partitions!() as Iterable<string>)].sort()).toEqual(['a', 'c', 'd'])
  })

  it('a sign-in goes after all access tokens', () => {
    const store = memoryCache({ maxEntries: 4, now: () => now })
    void store.update('user', () => ({ RefreshToken: { one: { secret: 'RT' } }, Account: { one: {} } }))
    for (const key of ['a', 'b', 'c', 'd']) put(store, 'tenant', key, 3600)
    expect(names(store)).toEqual(['d'])
    expect(store.get('user')).toEqual({ RefreshToken: { one: { secret: 'RT' } }, Account: { one: {} } })
    for (let index = 0; index < 9; index++)
      void store.update(`user-${index}`, () => ({ RefreshToken: { one: { secret: `${index}` } } }))
    expect([...(store.partitions!() as Iterable<string>)]).toEqual(['user-6', 'user-7', 'user-8'])
  })
})
