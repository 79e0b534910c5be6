import { afterAll, beforeAll, expect, test } from 'vitest'
import { inChromium, signIn } from './inChromium.js'
import { startPages } from './startPages.js'

const chromium = inChromium()
let pages: Awaited<ReturnType<typeof startPages>>
beforeAll(async () => {
  pages = await startPages()
})
afterAll(() => pages.close())

const tokenRequests = () => pages.emulator.requests.filter(({ url, form }) => url.includes('/token') && form).length
async function open(path = '/') {
  const page = await chromium.context().newPage()
  await page.goto(pages.app + path)
  return page
}
const outcome = (page: Awaited<ReturnType<typeof open>>) =>
  expect.poll(() => page.locator('#outcome').innerText(), { timeout: 20_000 })

test('a person signs in; a reload and a second call find nothing to do', async () => {
  const { username, password } = pages.emulator.defaults
  const page = await open('/')
  await outcome(page).toBe('nothing to complete')
  await page.click('#redirect')
  await signIn(page, username, password)
  await outcome(page).toBe(`signed in: ${username} ${pages.app}/`)
  expect(page.url()).toBe(`${pages.app}/`)
  expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0)
  expect(await page.evaluate('window.silent()')).toBe('cache')
  const asked = tokenRequests()
  await page.reload()
  await outcome(page).toBe('nothing to complete')
  expect(tokenRequests()).toBe(asked)
})

test('two calls at once share one redemption', async () => {
  const { username, password } = pages.emulator.defaults
  const page = await open('/quiet')
  await page.evaluate(`void setTimeout(() => window.byRedirect({ redirectUri: '/quiet' }))`)
  await signIn(page, username, password)
  await page.waitForURL(/quiet#.*state=/)
  const asked = tokenRequests()
  expect(await page.evaluate('window.twice()')).toEqual([username, username])
  expect(tokenRequests()).toBe(asked + 1)
})

test('two tabs do not disturb each other', async () => {
  const { username, password } = pages.emulator.defaults
  const [one, other] = [await open(), await open()]
  await one.click('#redirect')
  await one.waitForURL(/authorize/)
  await other.click('#redirect')
  await signIn(other, username, password)
  await outcome(other).toContain(`signed in: ${username}`)
  // Signed in there, the first tab needs no password any more.
  await one.locator('input[name=username]').fill(username)
  await one.locator('button').first().click()
  await outcome(one).toContain(`signed in: ${username}`)
})

test('who comes back with the back button can start again', async () => {
  const { username, password } = pages.emulator.defaults
  const page = await open()
  await page.click('#redirect')
  await page.waitForURL(/authorize/)
  await page.goBack()
  await page.click('#redirect')
  await signIn(page, username, password)
  await outcome(page).toContain(`signed in: ${username}`)
})

test('sign-ins that were given up do not add up', async () => {
  const page = await open()
  for (let round = 0; round < 12; round++)
    await page.evaluate(`window.byRedirect({ navigate: () => {} }); new Promise((done) => setTimeout(done, 20))`)
  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBeLessThanOrEqual(8)
})

test('who declines is told so, and may try again', async () => {
  const { username, password } = pages.emulator.defaults
  const page = await open()
  await page.evaluate(`void setTimeout(() => window.byRedirect({}, { prompt: 'consent' }))`)
  await signIn(page, username, password)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await outcome(page).toBe('failed: access_denied')
  expect(page.url()).toBe(`${pages.app}/`)
})

test('an answer that nobody here asked for is left alone', async () => {
  const page = await open('/#state=forged&code=stolen')
  await outcome(page).toBe('nothing to complete')
  expect(page.url()).toContain('#state=forged')
})
