import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Frame, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../tools/chromium.ts'
import { openForTests } from '../../../tools/openForTests.ts'
import { bundlePage } from './fixtures/bundlePage.js'
import type { PageApi } from './fixtures/pageProgram.js'
import { servePages } from './fixtures/servePages.js'

let served: Awaited<ReturnType<typeof servePages>>
let launch: Parameters<typeof chromium.launch>[0]
const browser = openForTests(async () => {
  launch = { executablePath: await findChromium(), chromiumSandbox: false, args: CHROMIUM_ARGUMENTS }
  return chromium.launch(launch)
})

beforeAll(async () => {
  const page = await bundlePage('pageProgram.ts')
  served = await servePages({
    '/page.js': page,
    '/worker.js': page,
    '/msal.js': await bundlePage('msalBrowserProgram.ts'),
  })
})
afterAll(() => served?.close())

type Name = Exclude<keyof PageApi, 'reports' | 'heard'>
type Tab = Page | Frame
/** Calls one of the page's functions. */
const call = <N extends Name>(
  tab: Tab,
  name: N,
  ...args: Parameters<PageApi[N]>
): Promise<Awaited<ReturnType<PageApi[N]>>> =>
  tab.evaluate(([name, args]) => (globalThis as never as { api: Record<string, Function> }).api[name]!(...args), [
    name,
    args,
  ] as const) as never
const reports = (tab: Tab): Promise<string[]> =>
  tab.evaluate(() => (globalThis as never as { api: PageApi }).api.reports)
const heard = (tab: Tab): Promise<string[]> => tab.evaluate(() => (globalThis as never as { api: PageApi }).api.heard)

async function newContext(): Promise<BrowserContext> {
  const context = await browser().newContext()
  onTestFinished(() => context.close())
  return context
}

async function openTab(context: BrowserContext, options: Parameters<PageApi['open']>[0] = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(served.url)
  await call(page, 'open', options)
  return page
}

/** Starts a service worker by way of a tab; calls go to it as messages. */
async function startWorker(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js')
    await navigator.serviceWorker.ready
  })
  return <N extends Name>(name: N, ...args: Parameters<PageApi[N]>): Promise<Awaited<ReturnType<PageApi[N]>>> =>
    page.evaluate(
      async (message) => {
        const { active } = await navigator.serviceWorker.ready
        const { port1, port2 } = new MessageChannel()
        const answer = new Promise<{ value?: never; error?: string }>((resolve) => {
          port1.addEventListener('message', ({ data }) => resolve(data))
          port1.start()
        })
        active!.postMessage(message, [port2])
        const { value, error } = await answer
        if (error) throw new Error(error)
        return value!
      },
      [name, ...args] as const,
    )
}

const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)

/** Launches a browser with a profile of its own on the disk. */
async function withProfile(
  run: (context: BrowserContext) => Promise<void>,
  profile: string,
  args: string[] = [],
): Promise<void> {
  const context = await chromium.launchPersistentContext(profile, {
    ...launch,
    args: [...CHROMIUM_ARGUMENTS, ...args],
  })
  try {
    await run(context)
  } finally {
    await context.close()
  }
}
const newProfile = (): string => {
  const profile = mkdtempSync(join(tmpdir(), 'latchkey-profile-'))
  onTestFinished(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
  return profile
}

describe('two tabs and a service worker', () => {
  test.each([
    ['with Web Locks', { timeout: 60_000 }],
    ['without', { timeout: 60_000, withoutLocks: true }],
  ])('update one partition at once, %s: nothing is lost', { timeout: 120_000 }, async (_, options) => {
    const context = await newContext()
    const [one, two] = [await openTab(context, options), await openTab(context, options)]
    const worker = await startWorker(one)
    await worker('open', options)
    await Promise.all([
      call(one, 'putMany', 'a', 'one', 50),
      call(two, 'putMany', 'a', 'two', 50),
      worker('putMany', 'a', 'worker', 50),
    ])
    const expected = ['one', 'two', 'worker'].flatMap((prefix) => numbered(prefix, 50)).sort()
    expect(await call(one, 'names', 'a')).toEqual(expected)
    expect(await call(two, 'names', 'a')).toEqual(expected)
    expect(await worker('names', 'a')).toEqual(expected)
    expect([await reports(one), await reports(two)]).toEqual([[], []])
  })

  test('tell each other of changes', async () => {
    const context = await newContext()
    const [one, two] = [await openTab(context), await openTab(context)]
    const worker = await startWorker(one)
    await worker('open')
    for (const tab of [one, two]) await call(tab, 'listen')
    await call(one, 'put', 'by one', 'token')
    await worker('put', 'by the worker', 'token')
    await expect.poll(() => heard(two)).toEqual(['by one', 'by the worker'])
    await expect.poll(() => heard(one)).toEqual(['by the worker'])
    await call(two, 'remove', 'by one')
    await expect.poll(() => heard(one)).toEqual(['by the worker', 'by one'])
    expect(await call(one, 'partitions')).toEqual(['by the worker'])
  })
})

describe('a restart of the browser', () => {
  /** Whether a text is anywhere in the files of a profile, in one byte or two for each character. */
  const isOnDisk = (profile: string, text: string): boolean =>
    readdirSync(profile, { recursive: true, encoding: 'utf8' })
      .map((name) => join(profile, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
      .some((path) => {
        const content = readFileSync(path)
        return content.includes(text) || content.includes(Buffer.from(text, 'utf16le'))
      })

  test('the user is still signed in, and no token is on the disk in plain text', { timeout: 120_000 }, async () => {
    const profile = newProfile()
    let token = ''
    await withProfile(async (context) => {
      const tab = await openTab(context)
      await call(tab, 'put', 'a', 'marker-of-this-test', { pad: 'x'.repeat(2000) })
      const { source, accessToken } = await call(tab, 'signIn')
      expect(source).toBe('identity_provider')
      token = accessToken
      await tab.reload()
      await call(tab, 'open')
      expect(await call(tab, 'signIn')).toMatchObject({ source: 'cache', username: expect.stringContaining('@') })
      // A control: what is kept in plain text is found by this search.
      await tab.evaluate(() => localStorage.setItem('control', 'control-of-this-test'))
    }, profile)
    await withProfile(async (context) => {
      const tab = await openTab(context)
      expect(await call(tab, 'names', 'a')).toEqual(['marker-of-this-test'])
      expect(await call(tab, 'signIn')).toMatchObject({ source: 'cache', accessToken: token })
      expect(await reports(tab)).toEqual([])
      const thrown = await tab.evaluate(async () => {
        const request = indexedDB.open('latchkey-tokens')
        await new Promise((resolve) => (request.onsuccess = resolve))
        const get = request.result.transaction('tokens').objectStore('tokens').get('key')
        await new Promise((resolve) => (get.onsuccess = resolve))
        const { key } = get.result as { key: CryptoKey }
        return crypto.subtle.exportKey('raw', key).catch((error: Error) => error.name)
      })
      expect(thrown).toBe('InvalidAccessError')
    }, profile)
    expect(isOnDisk(profile, 'control-of-this-test')).toBe(true)
    expect(isOnDisk(profile, 'latchkey-tokens')).toBe(true)
    expect(isOnDisk(profile, 'marker-of-this-test')).toBe(false)
    expect(token.length).toBeGreaterThan(100)
    expect(isOnDisk(profile, token.slice(0, 40))).toBe(false)
    expect(isOnDisk(profile, token.slice(-40))).toBe(false)
  })

  test('a session ends with it, and not before', { timeout: 120_000 }, async () => {
    const profile = newProfile()
    const session = { persistence: 'session' } as const
    await withProfile(async (context) => {
      const one = await openTab(context, session)
      await call(one, 'put', 'a', 'one')
      await one.reload()
      await call(one, 'open', session)
      expect(await call(one, 'names', 'a')).toEqual(['one'])
      const two = await openTab(context, session)
      expect(await call(two, 'names', 'a')).toEqual(['one'])
      await one.close()
      await two.goto('about:blank')
      await two.goto(served.url)
      await call(two, 'open', session)
      expect(await call(two, 'names', 'a')).toEqual(['one'])
    }, profile)
    await withProfile(async (context) => {
      const tab = await openTab(context, session)
      expect(await call(tab, 'partitions')).toEqual([])
      await call(tab, 'put', 'a', 'two')
      expect(await call(tab, 'names', 'a')).toEqual(['two'])
      expect(await reports(tab)).toEqual([])
    }, profile)
  })
})

describe('storage that fails', () => {
  test('a full one: the user goes on in memory, and nothing that was kept is lost', async () => {
    const context = await newContext()
    const tab = await openTab(context)
    const devtools = await context.newCDPSession(tab)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: `${served.url}/`, quotaSize: 1_000_000 })
    await call(tab, 'put', 'a', 'one')
    await call(tab, 'put', 'a', 'two', { pad: 'x'.repeat(3_000_000) })
    expect(await call(tab, 'names', 'a')).toEqual(['one', 'two'])
    expect(await reports(tab)).toEqual(['degraded: storage_full'])
    expect(await call(await openTab(context), 'names', 'a')).toEqual(['one'])
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: `${served.url}/` })
    await call(tab, 'put', 'a', 'three')
    expect(await call(await openTab(context), 'names', 'a')).toEqual(['one', 'three', 'two'])
  })

  test('a full one from the start: in memory', async () => {
    const context = await newContext()
    const page = await context.newPage()
    await page.goto(served.url)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: `${served.url}/`, quotaSize: 1 })
    await call(page, 'open')
    await call(page, 'put', 'a', 'one', { pad: 'x'.repeat(3_000_000) })
    expect(await call(page, 'names', 'a')).toEqual(['one'])
    expect(await reports(page)).toEqual(['degraded: storage_full'])
  })

  test('a page without an origin, where even asking is forbidden: in memory', async () => {
    const context = await newContext()
    const page = await context.newPage()
    await page.goto(`${served.url}/blocked`)
    const frame = page.frames()[1]!
    await frame.waitForFunction(() => 'api' in globalThis)
    for (const persistence of ['persistent', 'session'] as const) {
      await call(frame, 'open', { persistence })
      await call(frame, 'put', 'a', persistence)
      expect(await call(frame, 'names', 'a')).toEqual([persistence])
      expect(await call(frame, 'partitions')).toEqual(['a'])
    }
    expect(await reports(frame)).toEqual(['degraded: storage_blocked', 'degraded: storage_blocked'])
    expect(await call(frame, 'signIn')).toMatchObject({ source: 'identity_provider' })
    expect(await call(frame, 'signIn')).toMatchObject({ source: 'cache' })
  })

  test('a private window: it works, and is gone with the window', async () => {
    const first = await browser().newContext()
    await call(await openTab(first), 'put', 'a', 'one')
    expect(await call(await openTab(first), 'names', 'a')).toEqual(['one'])
    await first.close()
    expect(await call(await openTab(await newContext()), 'partitions')).toEqual([])
  })

  test('the user clears the data of the site while it is open: it begins anew', async () => {
    const context = await newContext()
    const tab = await openTab(context)
    await call(tab, 'put', 'a', 'one')
    const devtools = await context.newCDPSession(tab)
    await devtools.send('Storage.clearDataForOrigin', { origin: served.url, storageTypes: 'all' })
    await expect.poll(() => call(tab, 'names', 'a')).toEqual([])
    await call(tab, 'put', 'a', 'two')
    expect(await call(await openTab(context), 'names', 'a')).toEqual(['two'])
  })
})

describe('what is damaged', () => {
  /** Puts a value into the database by hand; gives all names that are in it. */
  const tamper = (page: Page, name: string, value: unknown): Promise<string[]> =>
    page.evaluate(
      async ([name, value]) => {
        const request = indexedDB.open('latchkey-tokens')
        await new Promise((resolve) => (request.onsuccess = resolve))
        const store = request.result.transaction('tokens', 'readwrite').objectStore('tokens')
        if (value !== undefined) store.put(value, name)
        const keys = store.getAllKeys()
        await new Promise((resolve) => (keys.onsuccess = resolve))
        request.result.close()
        return keys.result as string[]
      },
      [name, value] as const,
    )

  test('a record is put aside and reported', async () => {
    const context = await newContext()
    const tab = await openTab(context)
    await call(tab, 'put', 'a', 'one')
    await tamper(tab, 'p:a', { version: 1, iv: 'x' })
    await call(tab, 'put', 'a', 'two')
    expect(await call(tab, 'names', 'a')).toEqual(['two'])
    expect(await reports(tab)).toEqual(['corrupt: damaged a'])
    expect(await tamper(tab, '', undefined)).toEqual([expect.stringMatching(/^damaged:\d{16}:a$/), 'key', 'p:a'])
  })

  test('a key that is there and cannot be used is put aside and reported', async () => {
    const context = await newContext()
    await call(await openTab(context), 'put', 'a', 'one')
    const tab = await openTab(context)
    await tamper(tab, 'key', { id: 'id', key: {} })
    await call(tab, 'put', 'a', 'two')
    expect(await call(tab, 'names', 'a')).toEqual(['two'])
    expect(await reports(tab)).toEqual(['corrupt: key_unusable ', 'corrupt: damaged a'])
  })
})

test('a user who blocks all cookies: in memory', async () => {
  const profile = newProfile()
  mkdirSync(join(profile, 'Default'))
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  await withProfile(async (context) => {
    const tab = await openTab(context)
    expect(await call(tab, 'signIn')).toMatchObject({ source: 'identity_provider' })
    expect(await call(tab, 'signIn')).toMatchObject({ source: 'cache' })
    expect(await reports(tab)).toEqual(['degraded: storage_blocked'])
  }, profile)
})

test('an extension: its service worker and its pages share one cache', async () => {
  const [profile, extension] = [newProfile(), newProfile()]
  const manifest = { manifest_version: 3, name: 'Test', version: '1', background: { service_worker: 'page.js' } }
  writeFileSync(join(extension, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(extension, 'page.js'), await bundlePage('pageProgram.ts'))
  writeFileSync(join(extension, 'page.html'), '<!doctype html><title>Test</title><script src="page.js"></script>')
  await withProfile(
    async (context) => {
      const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
      await worker.evaluate(async () => {
        const { api } = globalThis as never as { api: PageApi }
        api.open()
        await api.put('a', 'by the worker')
      })
      const page = await context.newPage()
      await page.goto(new URL('page.html', worker.url()).href)
      await call(page, 'open')
      await call(page, 'put', 'a', 'by the page')
      expect(await call(page, 'names', 'a')).toEqual(['by the page', 'by the worker'])
      const seen = await worker.evaluate(() => (globalThis as never as { api: PageApi }).api.names('a'))
      expect(seen).toEqual(['by the page', 'by the worker'])
      expect(await reports(page)).toEqual([])
    },
    profile,
    [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
  )
})

test('who was signed in by MSAL Browser 3 need not sign in again', async () => {
  const context = await newContext()
  const tab = await openTab(context)
  await tab.addScriptTag({ url: '/msal.js' })
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [clientId, tid] = ['11111111-2222-3333-4444-555555555555', '66666666-7777-8888-9999-000000000000']
  const claims = { oid: 'oid', tid, sub: 'sub', preferred_username: 'ada@contoso.example', aud: clientId, iss: 'i' }
  const idToken = `${encode({ alg: 'RS256' })}.${encode(claims)}.c2ln`
  const accounts = await tab.evaluate(
    async (args) => (globalThis as never as { writeWithMsal: Function }).writeWithMsal(...args),
    [clientId, tid, idToken, encode({ uid: 'oid', utid: tid })],
  )
  expect(accounts).toEqual([{ homeAccountId: `oid.${tid}`, username: 'ada@contoso.example' }])
  expect(await call(tab, 'importMsalBrowser', 'another app')).toBe(1)
  expect(await call(tab, 'importMsalBrowser', clientId)).toBe(1)
  expect(await call(tab, 'silent', clientId)).toEqual([
    {
      source: 'cache',
      accessToken: 'the access token',
      username: 'ada@contoso.example',
      refreshToken: 'the refresh token',
    },
  ])
  expect(await call(await openTab(context), 'partitions')).toEqual([`oid.${tid}`])
})
