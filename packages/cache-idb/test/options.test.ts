import { idbCache, type IdbCacheOptions } from '@latchkey/cache-idb'
import type { AuthError } from '@latchkey/core'
import { expect, test } from 'vitest'
import { namesIn, put } from './fixtures/documents.js'

const wrong: [string, unknown][] = [
  ['the options', null],
  ['name', { name: '' }],
  ['name', { name: 1 }],
  ['persistence', { persistence: 'forever' }],
  ['timeout', { timeout: 0 }],
  ['timeout', { timeout: Infinity }],
  ['onDegraded', { onDegraded: true }],
  ['onCorrupt', { onCorrupt: {} }],
  ['now', { now: 0 }],
]
test.each(wrong)('a wrong value of %s is a TypeError', (name, options) => {
  expect(() => idbCache(options as IdbCacheOptions)).toThrow(new RegExp(`^Cannot use ${name}: expected `))
  expect(() => idbCache(options as IdbCacheOptions)).toThrow(TypeError)
})

test('a wrong argument of an operation is a TypeError', async () => {
  const store = idbCache()
  await expect(store.get(1 as never)).rejects.toThrow(TypeError)
  await expect(store.update(1 as never, () => undefined)).rejects.toThrow(TypeError)
  await expect(store.update('a', {} as never)).rejects.toThrow(TypeError)
  await expect(store.update('a', () => 1 as never)).rejects.toThrow(TypeError)
  expect(() => store.subscribe!(1 as never)).toThrow(TypeError)
})

test('on a server, where there is no IndexedDB, it keeps tokens in memory and says so once', async () => {
  const reports: AuthError[] = []
  const store = idbCache({ onDegraded: (error) => reports.push(error) })
  await Promise.all([put(store, 'a', 'one'), put(store, 'b', 'one')])
  expect(await namesIn(store, 'a')).toEqual(['one'])
  expect(reports).toMatchObject([{ name: 'AuthError', code: 'cache_locked', suberror: 'storage_blocked' }])
})
