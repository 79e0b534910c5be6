import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inChromium, signIn } from './inChromium.js'
import { startPages, type Pages } from './startPages.js'

const chromium = inChromium()
let pages: Pages
beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages?.close())

const { username, password } = { username: 'ada@contoso.com', password: 'ada-password' }

async function open(path = '/'): Promise<Page> {
  const page = await chromium.context().newPage()
  await page.goto(pages.app + path)
  return page
}
const outcome = (page: Page) => expect.poll(() => page.locator('#outcome').innerText(), { timeout: 20_000 })
const stored = (page: Page) =>
  page.evaluate(() => [sessionStorage, localStorage].flatMap((one) => Object.values(one)).join())
/** Starts a sign-in from the console, so that the page can go away at once. */
async function start(page: Page, options: object = {}, more: object = {}): Promise<void> {
  const call = `window.byRedirect(${JSON.stringify(options)}, ${JSON.stringify(more)})`
  await Promise.all([page.waitForURL(/authorize/), page.evaluate(`void setTimeout(() => ${call})`)])
}
/** Who has signed in in this browser needs no password any more. */
async function signInAgain(page: Page): Promise<void> {
  await page.locator('input[name=username]').fill(username)
  await page.locator('button').first().click()
}

test('a person signs in; a reload and a second call find nothing to do', async () => {
  const page = await open('/?from=here#there')
  await outcome(page).toBe('nothing to complete')
  await page.click('#redirect')
  await signIn(page, username, password)
  await outcome(page).toBe(`signed in: ${username} ${pages.app}/?from=here#there`)
  expect(page.url()).toBe(`${pages.app}/`)
  expect(await stored(page)).toBe('')
  expect(await page.evaluate('window.silent()')).toBe('cache')
  const asked = pages.tokenRequests()
  await page.evaluate('window.complete()')
  await outcome(page).toBe('nothing to complete')
  await page.reload()
  await outcome(page).toBe('nothing to complete')
  expect(pages.tokenRequests()).toBe(asked)
})

test('the answer in the query is taken, too; what else is in the address stays', async () => {
  const page = await open('/quiet')
  await start(page, { responseMode: 'query', redirectUri: '/?language=de' })
  await signIn(page, username, password)
  await outcome(page).toBe(`signed in: ${username} ${pages.app}/quiet`)
  expect(page.url()).toBe(`${pages.app}/?language=de`)
})

test('two calls at once share one redemption', async () => {
  const page = await open('/quiet')
  await start(page, { redirectUri: '/quiet' })
  await signIn(page, username, password)
  await page.waitForURL(/quiet#.*state=/)
  const asked = pages.tokenRequests()
  expect(await page.evaluate('window.twice()')).toEqual([username, username])
  expect(pages.tokenRequests()).toBe(asked + 1)
})

test('a component that is mounted twice is signed in, once', async () => {
  const page = await open('/quiet')
  await start(page, { redirectUri: '/quiet' })
  await signIn(page, username, password)
  await page.waitForURL(/quiet#.*state=/)
  const asked = pages.tokenRequests()
  expect(await page.evaluate('window.mountedTwice()')).toEqual(['user_cancelled', username])
  expect(pages.tokenRequests()).toBe(asked + 1)
})

test('two tabs do not disturb each other', async () => {
  const [one, other] = [await open(), await open()]
  await start(one)
  await start(other)
  await signIn(other, username, password)
  await outcome(other).toContain(`signed in: ${username}`)
  await signInAgain(one)
  await outcome(one).toContain(`signed in: ${username}`)
})

test('an answer that another tab asked for is left alone, and still good there', async () => {
  const page = await open('/quiet')
  await start(page, { redirectUri: '/quiet' })
  await signIn(page, username, password)
  await page.waitForURL(/quiet#.*state=/)
  const answer = new URL(page.url())
  const other = await open(`/${answer.hash}`)
  await outcome(other).toBe('nothing to complete')
  expect(await page.evaluate('window.twice()')).toEqual([username, username])
})

test('a sign-in page that is loaded again changes nothing', async () => {
  const page = await open()
  await start(page)
  await page.reload()
  await signIn(page, username, password)
  await outcome(page).toContain(`signed in: ${username}`)
})

test('a page that is loaded again while the code is redeemed can sign in again', async () => {
  const page = await open()
  await start(page)
  const asked = pages.tokenRequests()
  pages.emulator.faults.add({ match: '/oauth2/v2.0/token', kind: 'stall', times: 1 })
  await signIn(page, username, password)
  await expect.poll(() => pages.tokenRequests(), { timeout: 20_000 }).toBe(asked + 1)
  expect(page.url()).toBe(`${pages.app}/`)
  await page.reload()
  await outcome(page).toBe('nothing to complete')
  await page.click('#redirect') // who has signed in there needs no password any more
  await outcome(page).toContain(`signed in: ${username}`)
})

test('who comes back with the back button can start again', async () => {
  const page = await open()
  await start(page)
  await page.goBack()
  await outcome(page).toBe('nothing to complete')
  await start(page)
  await signIn(page, username, password)
  await outcome(page).toContain(`signed in: ${username}`)
})

test('who goes back, and forward again, is signed in', async () => {
  const page = await open()
  await start(page)
  await page.goBack()
  await page.goForward()
  await signIn(page, username, password)
  await outcome(page).toContain(`signed in: ${username}`)
})

test('sign-ins that were given up do not add up', async () => {
  const page = await open()
  for (let round = 0; round < 12; round++)
    await page.evaluate(`void window.byRedirect({ navigate: () => window.left = (window.left ?? 0) + 1 })`)
  await expect.poll(() => page.evaluate('window.left')).toBe(12)
  expect((JSON.parse(await stored(page)) as unknown[]).length).toBe(8)
})

test('who declines is told so, and may try again', async () => {
  const page = await open()
  await start(page, {}, { prompt: 'consent' })
  await signIn(page, username, password)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await outcome(page).toBe('failed: access_denied')
  expect(page.url()).toBe(`${pages.app}/`)
  await page.reload()
  await outcome(page).toBe('nothing to complete')
})

test('where a page would have to be shown and must not, that is told', async () => {
  const page = await open()
  await page.evaluate(`void setTimeout(() => window.byRedirect({}, { prompt: 'none' }))`)
  await outcome(page).toBe('failed: interaction_required')
})

test.each([
  '/#state=forged&code=stolen',
  '/?state=forged&code=stolen',
  '/#state=__proto__&code=x',
  '/#/a/route?state=x',
])('an address that is no answer is left alone: %s', async (path) => {
  const page = await open('/quiet')
  await page.evaluate(`void window.byRedirect({ navigate: () => window.left = true })`)
  await expect.poll(() => page.evaluate('window.left')).toBe(true)
  await page.goto(pages.app + path)
  await outcome(page).toBe('nothing to complete')
  expect(page.url()).toBe(pages.app + path)
})

test('a page that may not store anything is told so, and goes nowhere', async () => {
  const page = await chromium.context().newPage()
  await page.addInitScript(() =>
    Object.defineProperty(globalThis, 'sessionStorage', {
      get() {
        throw new DOMException('Access is denied', 'SecurityError')
      },
    }),
  )
  await page.goto(`${pages.app}/#state=some&code=other`)
  await outcome(page).toBe('nothing to complete')
  await page.click('#redirect')
  await outcome(page).toBe('failed: storage_unavailable')
  expect(page.url()).toContain(pages.app)
})

describe('where the browser keeps the page that was left', () => {
  const keeping = inChromium(['--disable-back-forward-cache'])

  test('the sign-in that was waiting ends, and another one can start', async () => {
    const page = await keeping.context().newPage()
    await page.goto(`${pages.app}/quiet`)
    await page.evaluate(`addEventListener('pageshow', ({ persisted }) => (window.isKept = persisted))`)
    await start(page, { redirectUri: '/' })
    // Not page.goBack(), which waits for a page that loads.
    await page.evaluate('void setTimeout(() => history.back())')
    await page.waitForURL(/quiet/, { waitUntil: 'commit' })
    await outcome(page).toBe('failed: user_cancelled')
    expect(await page.evaluate('window.isKept')).toBe(true)
    await start(page, { redirectUri: '/' })
    await signIn(page, username, password)
    await outcome(page).toContain(`signed in: ${username}`)
  })
})
