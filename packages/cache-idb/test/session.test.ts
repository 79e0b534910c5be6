import type { AuthError } from '@latchkey/core'
import { expect, test } from 'vitest'
import { idbCacheOn } from '../src/idbCache.js'
import type { Platform } from '../src/platform.js'
import { namesIn, put } from './fixtures/documents.js'
import { fakePlatform, fakeStorage } from './fixtures/fakePlatform.js'

let databases = 0
function setUp() {
  const name = `session ${databases++}`
  const platform = fakePlatform()
  const reports: AuthError[] = []
  const onDegraded = (error: AuthError): void => void reports.push(error)
  const open = (overrides: Partial<Platform> = {}, persistence: 'session' | 'persistent' = 'session') =>
    idbCacheOn({ ...platform, ...overrides }, { name, persistence, onDegraded })
  return { open, reports }
}

/** The browser was closed: nobody holds a lock, and the new tab's own storage is empty. */
const afterRestart = (): Partial<Platform> => ({
  sessionStorage: fakeStorage(),
  locks: { request: navigator.locks.request.bind(navigator.locks), query: async () => ({ held: [], pending: [] }) },
})

test('lasts when a tab is reloaded, even the only one', async () => {
  const { open, reports } = setUp()
  const { locks } = afterRestart()
  await put(open(), 'a', 'one')
  expect(await namesIn(open({ locks }), 'a')).toEqual(['one'])
  expect(reports).toEqual([])
})

test('is shared by a new tab while another is open', async () => {
  const { open } = setUp()
  await put(open(), 'a', 'one')
  const storage = fakeStorage()
  expect(await namesIn(open({ sessionStorage: storage }), 'a')).toEqual(['one'])
  // It now knows it by itself.
  expect(await namesIn(open({ ...afterRestart(), sessionStorage: storage }), 'a')).toEqual(['one'])
})

test('is over after a restart, and what it left is gone before anything is read', async () => {
  const { open, reports } = setUp()
  await put(open(), 'a', 'one')
  const store = open(afterRestart())
  expect([...(await store.partitions!())]).toEqual([])
  expect(await store.get('a')).toBeUndefined()
  await put(store, 'a', 'two')
  expect(await namesIn(store, 'a')).toEqual(['two'])
  expect(reports).toEqual([])
})

test('ends when the app goes over to persistent, which then lasts', async () => {
  const { open } = setUp()
  await put(open(), 'a', 'one')
  expect([...(await open({}, 'persistent').partitions!())]).toEqual([])
  await put(open({}, 'persistent'), 'a', 'two')
  expect(await namesIn(open(afterRestart(), 'persistent'), 'a')).toEqual(['two'])
  expect(await open(afterRestart()).get('a')).toBeUndefined()
})

test('a worker joins while a tab is open, else it keeps tokens in memory and deletes nothing', async () => {
  const { open, reports } = setUp()
  const sessionStorage = fakeStorage()
  await put(open({ sessionStorage }), 'a', 'one')
  expect(await namesIn(open({ sessionStorage: undefined }), 'a')).toEqual(['one'])
  const alone = open({ ...afterRestart(), sessionStorage: undefined })
  expect(await alone.get('a')).toBeUndefined()
  await put(alone, 'a', 'two')
  expect(await namesIn(alone, 'a')).toEqual(['two'])
  expect(reports).toMatchObject([{ code: 'cache_locked', suberror: 'session_unavailable' }])
  expect(await namesIn(open({ sessionStorage }), 'a')).toEqual(['one'])
})

test('without Web Locks nobody can tell: in memory', async () => {
  const { open, reports } = setUp()
  await put(open({ locks: undefined }), 'a', 'one')
  expect(reports).toMatchObject([{ suberror: 'session_unavailable' }])
})
