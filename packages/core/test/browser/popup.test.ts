import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inChromium, signIn } from './inChromium.js'
import { receiver, startPages, type Pages, type PagesOptions } from './startPages.js'

const outcome = (page: Page) => expect.poll(() => page.locator('#outcome').innerText(), { timeout: 25_000 })

const [, script = ''] = /<script>([^]*)<\/script>/.exec(receiver) ?? []
const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`

test('the receiver allows its own script and nothing else', () => {
  expect(receiver).toContain(`content="default-src 'none'; base-uri 'none'; form-action 'none'; script-src ${hash}"`)
  expect(receiver).not.toMatch(/\b(src|href|action)=/)
  const page = readFileSync(new URL('../../../../docs/sign-in-in-the-browser.md', import.meta.url), 'utf8')
  expect(page, 'servers are told to allow it').toContain(`script-src ${hash}`)
})

const sameOrigin = { 'cross-origin-opener-policy': 'same-origin' }
const situations: [name: string, cutsTie: boolean, options: PagesOptions][] = [
  ['nothing special', false, {}],
  ['the sign-in page cuts itself off from its opener', true, { coop: true }],
  [
    'the app, too, and the receiver has a strict policy of the server',
    true,
    {
      coop: true,
      appHeaders: {
        ...sameOrigin,
        'content-security-policy': `default-src 'none'; script-src 'self' ${hash}; connect-src *`,
      },
    },
  ],
]

describe.each(situations)('popup: %s', (_name, cutsTie, options) => {
  const chromium = inChromium()
  let pages: Pages
  beforeAll(async () => {
    pages = await startPages(options)
  })
  afterAll(() => pages?.close())

  /** The app's page; playwright gives the focus to all pages at once, a person has but one. */
  async function openApp(path = '/quiet'): Promise<Page> {
    const page = await chromium.context().newPage()
    await page.addInitScript(`document.hasFocus = () => !!window.isFocused`)
    await page.clock.install()
    await page.goto(pages.app + path)
    return page
  }
  async function openPopup(page: Page, run = () => page.click('#popup')): Promise<Page> {
    const [window] = await Promise.all([page.waitForEvent('popup'), run()])
    await window.waitForURL(/authorize/)
    await lookAt(page)
    return window
  }
  /** Lets the page look at its window. */
  const lookAt = (page: Page, milliseconds = 2000) => page.clock.runFor(milliseconds)
  const { username, password } = { username: 'ada@contoso.com', password: 'ada-password' }

  test('a person signs in, and the window closes', async () => {
    const page = await openApp()
    const window = await openPopup(page)
    const closed = window.waitForEvent('close')
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
    await closed
    expect(await page.evaluate('window.silent()')).toBe('cache')
  })

  test('a page of the app can be the redirect URI', async () => {
    const page = await openApp()
    const window = await openPopup(page, () => page.evaluate(`void window.byPopup({ redirectUri: '/own-page' })`))
    const closed = window.waitForEvent('close')
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
    await closed
  })

  test('two sign-ins at once do not disturb each other', async () => {
    const [one, other] = [await openApp(), await openApp()]
    const [first, second] = [await openPopup(one), await openPopup(other)]
    await signIn(second, username, password)
    await outcome(other).toBe(`signed in: ${username}`)
    expect(await one.locator('#outcome').innerText()).toBe('')
    // Signed in there, the first window needs no password any more.
    await first.locator('input[name=username]').fill(username)
    await first.locator('button').first().click()
    await outcome(one).toBe(`signed in: ${username}`)
  })

  test('who declines is told so', async () => {
    const page = await openApp()
    const window = await openPopup(page, () => page.evaluate(`void window.byPopup({}, { prompt: 'consent' })`))
    await signIn(window, username, password)
    await window.getByRole('button', { name: 'Cancel' }).click()
    await outcome(page).toBe('failed: access_denied')
  })

  test('where a page would have to be shown and must not, that is told', async () => {
    const page = await openApp()
    await page.evaluate(`void window.byPopup({}, { prompt: 'none' })`)
    await outcome(page).toBe('failed: interaction_required')
  })

  test('a window that is closed ends it, and the next sign-in works', async () => {
    const page = await openApp()
    const window = await openPopup(page)
    await window.close()
    await page.evaluate('window.isFocused = true')
    await lookAt(page, cutsTie ? 16_000 : 2000)
    await outcome(page).toBe('failed: user_cancelled')
    await page.evaluate('window.isFocused = false')
    const next = await openPopup(page)
    await signIn(next, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })

  test('who has a look at the app in between, and then signs in, is signed in', async () => {
    const page = await openApp()
    const window = await openPopup(page)
    for (let times = 0; times < 3; times++) {
      await page.evaluate('window.isFocused = true')
      await lookAt(page, 10_000)
      await page.evaluate('window.isFocused = false')
      await lookAt(page)
    }
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })

  test('the time limit ends it, and so does the signal', async () => {
    const page = await openApp()
    await openPopup(page)
    await lookAt(page, 301_000)
    await outcome(page).toBe('failed: timeout')
    const window = await openPopup(page)
    const closed = cutsTie ? undefined : window.waitForEvent('close')
    await page.evaluate('window.cancel()')
    await outcome(page).toBe('failed: user_cancelled')
    await closed
  })

  test('a page that is loaded again can sign in again, and the old window ends by itself', async () => {
    const page = await openApp()
    const window = await openPopup(page)
    const closed = window.waitForEvent('close')
    await page.reload()
    if (cutsTie) await signIn(window, username, password)
    await closed
    // Who has signed in there needs no password any more.
    if (cutsTie) await page.click('#popup')
    else await signIn(await openPopup(page), username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })

  test('messages of others end nothing', async () => {
    const attacker = await chromium.context().newPage()
    await attacker.goto(pages.stranger)
    const [page] = await Promise.all([attacker.waitForEvent('popup'), attacker.evaluate(`meet('${pages.app}/quiet')`)])
    await page.waitForLoadState()
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('#popup')])
    await window.waitForURL(/authorize/)
    const state = new URL(window.url()).searchParams.get('state')!
    await page.evaluate((state) => {
      const messages = [null, 'text', {}, { latchkey: 5 }, { latchkey: 'code=x' }, { latchkey: 'state=other&code=x' }]
      const twice = { latchkey: `state=${state}&state=other&code=x` }
      const channel = new BroadcastChannel(`latchkey.${state}`)
      for (const message of [...messages, twice]) {
        channel.postMessage(message)
        globalThis.postMessage(message, location.origin)
      }
    }, state)
    // An attacker who knew the state would still be of another origin, on the window as well as on the channel.
    await attacker.evaluate(`{
      const message = { latchkey: 'state=${state}&code=stolen' }
      new BroadcastChannel('latchkey.${state}').postMessage(message)
      say(message, '${pages.app}')
    }`)
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })
})

describe('the receiver', () => {
  const chromium = inChromium()
  let pages: Pages
  beforeAll(async () => {
    pages = await startPages()
  })
  afterAll(() => pages?.close())

  test.each(['#', '?'])('leaves no code in the address and the history, and sends it nowhere: %s', async (sign) => {
    const page = await chromium.context().newPage()
    await page.goto(`${pages.app}/quiet`)
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(`${pages.app}/receiver.html${sign}code=secret&state=of-nobody`)
    await expect.poll(() => page.url()).toBe(`${pages.app}/receiver.html`)
    await page.goBack()
    await page.goForward()
    expect(page.url()).toBe(`${pages.app}/receiver.html`)
    // A fragment is not sent at all, a query with the request for the receiver itself.
    expect(requests.filter((url) => url.includes('secret')).length).toBe(sign === '?' ? 1 : 0)
    expect(requests.every((url) => url.startsWith(pages.app))).toBe(true)
  })
})

describe('where the browser blocks windows', () => {
  const chromium = inChromium(['--disable-popup-blocking'])
  let pages: Pages
  beforeAll(async () => {
    pages = await startPages()
  })
  afterAll(() => pages?.close())

  test('a sign-in that no click started is refused at once', async () => {
    const page = await chromium.context().newPage()
    await page.goto(`${pages.app}/?auto`)
    await outcome(page).toBe('failed: popup_blocked')
  })

  test('a sign-in that a click started is not', async () => {
    const page = await chromium.context().newPage()
    await page.goto(`${pages.app}/quiet`)
    const [window] = await Promise.all([page.waitForEvent('popup'), page.click('#popup')])
    await window.waitForURL(/authorize/)
    await signIn(window, pages.emulator.defaults.username, pages.emulator.defaults.password)
    await outcome(page).toContain('signed in')
  })
})
