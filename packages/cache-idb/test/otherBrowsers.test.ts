import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFirefox } from '../../../tools/firefox.ts'
import { openForTests } from '../../../tools/openForTests.ts'
import type { Tab } from '../../../tools/RealBrowser.ts'
import { openWebKit } from '../../../tools/webKit.ts'
import { bundlePage } from './fixtures/bundlePage.js'
import type { PageApi } from './fixtures/pageProgram.js'
import { servePages } from './fixtures/servePages.js'

type Name = Exclude<keyof PageApi, 'reports' | 'heard'>
type Call = <N extends Name>(name: N, ...args: Parameters<PageApi[N]>) => Promise<Awaited<ReturnType<PageApi[N]>>>

const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)

describe.each([
  ['Firefox', openFirefox],
  ['WebKit', openWebKit],
])('%s', (_name, open) => {
  let served: Awaited<ReturnType<typeof servePages>>
  const browser = openForTests(() => open(60_000))
  beforeAll(async () => {
    const page = await bundlePage('pageProgram.ts')
    served = await servePages({ '/page.js': page, '/worker.js': page })
  })
  afterAll(() => served?.close())

  /** Each test has a database of its own. */
  async function openStore(name: string, options: object = {}): Promise<Tab & { call: Call }> {
    const tab = await browser().openTab(served.url)
    const call: Call = (name, ...args) => tab.evaluate(`api.${name}(...${JSON.stringify(args)})`)
    await call('open', { name, timeout: 60_000, ...options })
    return { ...tab, call }
  }

  /** Starts a service worker by way of a tab; calls go to it as messages. */
  async function startWorker(tab: Tab): Promise<Call> {
    await tab.evaluate(`(async () => {
      await navigator.serviceWorker.register('/worker.js')
      const { active } = await navigator.serviceWorker.ready
      globalThis.ask = (message) => new Promise((resolve, reject) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data: { value, error } }) => error ? reject(new Error(error)) : resolve(value)
        active.postMessage(message, [port2])
      })
    })()`)
    return (name, ...args) => tab.evaluate(`ask(${JSON.stringify([name, ...args])})`)
  }

  test.each([
    ['with Web Locks', {}],
    ['without', { withoutLocks: true }],
  ])('two tabs and a service worker update one partition at once, %s: nothing is lost', async (how, options) => {
    const [one, two] = [await openStore(how, options), await openStore(how, options)]
    const worker = await startWorker(one)
    await worker('open', { name: how, timeout: 60_000, ...options })
    // Begun and not waited for: a driver may serve one tab after the other.
    await two.evaluate(`void (globalThis.working = api.putMany('a', 'two', 50))`)
    await one.evaluate(`Promise.all([api.putMany('a', 'one', 50), ask(['putMany', 'a', 'worker', 50])])`)
    await two.evaluate('working')
    const expected = ['one', 'two', 'worker'].flatMap((prefix) => numbered(prefix, 50)).sort()
    expect(await one.call('names', 'a')).toEqual(expected)
    expect(await two.call('names', 'a')).toEqual(expected)
    expect(await worker('names', 'a')).toEqual(expected)
    for (const tab of [one, two]) expect(await tab.evaluate('api.reports')).toEqual([])
  })

  test('tabs tell each other of changes', async () => {
    const [one, two] = [await openStore('told'), await openStore('told')]
    for (const tab of [one, two]) await tab.call('listen')
    await one.call('put', 'by one', 'token')
    await expect.poll(() => two.evaluate('api.heard')).toEqual(['by one'])
    await two.call('remove', 'by one')
    await expect.poll(() => one.evaluate('api.heard')).toEqual(['by one'])
    expect(await one.call('partitions')).toEqual([])
  })

  test('a user is signed in still in the next tab, by a key that nobody can read', async () => {
    const one = await openStore('user')
    expect(await one.call('signIn')).toMatchObject({ source: 'identity_provider' })
    const two = await openStore('user')
    expect(await two.call('signIn')).toMatchObject({ source: 'cache', username: expect.stringContaining('@') })
    const thrown = await two.evaluate(`(async () => {
      const request = indexedDB.open('user')
      await new Promise((resolve) => (request.onsuccess = resolve))
      const get = request.result.transaction('tokens').objectStore('tokens').get('key')
      await new Promise((resolve) => (get.onsuccess = resolve))
      return crypto.subtle.exportKey('raw', get.result.key).catch((error) => error.name)
    })()`)
    expect(thrown).toBe('InvalidAccessError')
  })

  test('a session is that of its tabs', async () => {
    const session = { persistence: 'session' }
    const one = await openStore('session', session)
    await one.call('put', 'a', 'one')
    const two = await openStore('session', session)
    expect(await two.call('names', 'a')).toEqual(['one'])
    expect(await two.evaluate('api.reports')).toEqual([])
  })
})
