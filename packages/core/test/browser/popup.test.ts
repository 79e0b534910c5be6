import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inChromium, signIn } from './inChromium.js'
import { startPages } from './startPages.js'

const outcome = (page: Page) => expect.poll(() => page.locator('#outcome').innerText(), { timeout: 25_000 })

test('the receiver allows its own script and nothing else', () => {
  const page = readFileSync(new URL('../../receiver.html', import.meta.url), 'utf8')
  const [, script = ''] = /<script>([^]*)<\/script>/.exec(page) ?? []
  expect(page).toContain(
    `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
})

describe.each([false, true])('popup (sign-in page cut off from its opener: %s)', (coop) => {
  const chromium = inChromium()
  let pages: Awaited<ReturnType<typeof startPages>>
  beforeAll(async () => {
    pages = await startPages({ coop })
  })
  afterAll(() => pages.close())

  async function openApp(): Promise<Page> {
    const page = await chromium.context().newPage()
    await page.goto(`${pages.app}/quiet`)
    return page
  }
  async function openPopup(page: Page, run = () => page.click('#popup')): Promise<Page> {
    const [window] = await Promise.all([page.waitForEvent('popup'), run()])
    await window.waitForURL(/authorize/)
    return window
  }

  test('a person signs in, and the window closes', async () => {
    const { username, password } = pages.emulator.defaults
    const page = await openApp()
    const window = await openPopup(page)
    const closed = window.waitForEvent('close')
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
    await closed
    expect(await page.evaluate('window.silent()')).toBe('cache')
  })

  test('a page of the app can be the redirect URI', async () => {
    const { username, password } = pages.emulator.defaults
    const page = await openApp()
    const window = await openPopup(page, () => page.evaluate(`void window.byPopup({ redirectUri: '/own-page' })`))
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })

  test('two sign-ins at once do not disturb each other', async () => {
    const { username, password } = pages.emulator.defaults
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
    const { username, password } = pages.emulator.defaults
    const page = await openApp()
    const window = await openPopup(page, () => page.evaluate(`void window.byPopup({}, { prompt: 'consent' })`))
    await signIn(window, username, password)
    await window.getByRole('button', { name: 'Cancel' }).click()
    await outcome(page).toBe('failed: access_denied')
  })

  test('a window that is closed ends it, and the next sign-in works', async () => {
    const { username, password } = pages.emulator.defaults
    const page = await openApp()
    const window = await openPopup(page)
    await page.waitForTimeout(600) // the window is looked at in between
    await window.close()
    await outcome(page).toBe('failed: user_cancelled')
    const next = await openPopup(page)
    await signIn(next, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })

  test('messages of others end nothing', async () => {
    const { username, password } = pages.emulator.defaults
    const page = await openApp()
    const window = await openPopup(page)
    const state = new URL(window.url()).searchParams.get('state')
    await page.evaluate((state) => {
      const channel = new BroadcastChannel('latchkey')
      for (const message of [
        null,
        'text',
        {},
        { latchkey: 5 },
        { latchkey: 'state=other&code=x' },
        { latchkey: 'code=x' },
      ])
        channel.postMessage(message)
      // As a page of another origin would.
      dispatchEvent(
        new MessageEvent('message', { origin: 'https://evil.example', data: { latchkey: `state=${state}&code=x` } }),
      )
    }, state)
    await signIn(window, username, password)
    await outcome(page).toBe(`signed in: ${username}`)
  })
})

describe('where the browser blocks windows', () => {
  const chromium = inChromium(['--disable-popup-blocking'])
  let pages: Awaited<ReturnType<typeof startPages>>
  beforeAll(async () => {
    pages = await startPages()
  })
  afterAll(() => pages.close())

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
