import { cacheStoreContract } from '@latchkey/core/testing'
import { describe, test } from 'vitest'
import { idbCacheOn } from '../src/idbCache.js'
import type { IdbCacheOptions } from '../src/IdbCacheOptions.js'
import type { Platform } from '../src/platform.js'
import { fakePlatform } from './fixtures/fakePlatform.js'

let databases = 0
const kinds: [string, Partial<Platform>, IdbCacheOptions?][] = [
  ['with Web Locks', {}],
  ['without Web Locks', { locks: undefined }],
  ['without BroadcastChannel', { BroadcastChannel: undefined }],
  ['for a session', {}, { persistence: 'session' }],
]
for (const [name, overrides, options] of kinds)
  describe(`IndexedDB in Node, ${name}`, () => {
    const contract = cacheStoreContract(() => {
      const platform = fakePlatform(overrides)
      const name = `contract ${databases++}`
      const open = () => idbCacheOn(platform, { name, ...options, onDegraded: fail, onCorrupt: fail })
      return { store: open(), reopen: open }
    })
    for (const { name, run } of contract) test(name, ({ skip }) => run(skip))
  })

describe('without IndexedDB, in memory', () => {
  const contract = cacheStoreContract(() => ({ store: idbCacheOn(fakePlatform({ indexedDB: undefined }), {}) }))
  for (const { name, run } of contract) test(name, ({ skip }) => run(skip))
})

function fail(error: Error): void {
  throw error
}
