import { AuthError } from '@latchkey/core'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../tools/chromium.ts'
import { openForTests } from '../../../tools/openForTests.ts'
import { startAuthorizationServer, type AuthorizationServer } from './fixtures/authorizationServer.js'
import { isListening } from './fixtures/http.js'
import { startSignIn, type SignInTest, type SignInTestOptions } from './fixtures/signIn.js'

const PATIENCE = { timeout: 25_000 }

const browser = openForTests(async () => {
  const executablePath = await findChromium()
  return chromium.launch({ executablePath, chromiumSandbox: false, args: CHROMIUM_ARGUMENTS })
})
let server: AuthorizationServer
let context: BrowserContext
/** What the browser complains about on our pages. */
let complaints: string[]

beforeAll(async () => {
  server = await startAuthorizationServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())
beforeEach(async () => {
  context = await browser().newContext()
  complaints = []
  context.on('console', (message) => {
    const isOurs = message.location().url.startsWith('http://localhost:')
    if (isOurs && message.type() === 'error') complaints.push(message.text())
  })
})
afterEach(async () => {
  await context?.close()
})

/** Starts a sign-in whose browser is a tab of Chromium. */
async function signIn(options: SignInTestOptions): Promise<SignInTest & { page: Page }> {
  let opened!: (page: Page) => void
  const tab = new Promise<Page>((resolve) => (opened = resolve))
  const started = await startSignIn({
    ...options,
    authorize: server.authorize,
    async openBrowser(url) {
      const page = await context.newPage()
      await page.goto(url)
      opened(page)
    },
  })
  return { ...started, page: await tab }
}

/** Every address that "Back" can lead to. */
async function history(page: Page): Promise<string[]> {
  const session = await context.newCDPSession(page)
  return (await session.send('Page.getNavigationHistory')).entries.map(({ url }) => url)
}

for (const responseMode of ['form_post', 'query'] as const)
  test(`signs in with ${responseMode}, and keeps the code out of the address bar and the history`, async () => {
    const { page, result, redirectUri, port, state } = await signIn({ responseMode })
    await page.getByText('Allow').click()
    expect(await page.getByRole('heading').textContent()).toBe('You are signed in')
    expect(await result).toEqual({ code: 'the-code', state, session_state: 'a & b' })
    expect(page.url()).toMatch(`${redirectUri}/`)
    expect(JSON.stringify(await history(page))).not.toContain('the-code')
    expect(await page.content()).not.toContain('the-code')
    expect(await isListening(port)).toBe(false)
    expect(complaints).toEqual([])
  })

test('shows nothing until the tokens are there, then what is true', async () => {
  let redeem!: (error: AuthError) => void
  const exchange = (): Promise<never> => new Promise((_, reject) => (redeem = reject))
  const { page, result } = await signIn({ exchange })
  await page.getByText('Allow').click({ noWaitAfter: true })
  await expect.poll(() => redeem, PATIENCE).toBeDefined()
  expect(new URL(page.url()).pathname).toBe('/allow')
  redeem(
    new AuthError('invalid_grant', 'Cannot redeem', { errorDescription: 'AADSTS54005: <b>redeemed</b>\r\nTrace: 1' }),
  )
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  const text = await page.getByRole('main').innerText()
  expect(text).toContain('AADSTS54005: <b>redeemed</b>\nTrace: 1')
  expect(text).toContain('invalid_grant')
  await expect(result).rejects.toMatchObject({ code: 'invalid_grant' })
  expect(complaints).toEqual([expect.stringContaining('400')])
})

test('an error of the server is shown as text', async () => {
  const exchange = ({ error, error_description: errorDescription }: Record<string, string>): never => {
    throw new AuthError('access_denied', 'Cannot sign in', { error, errorDescription })
  }
  const { page, result } = await signIn({ exchange })
  await page.getByText('Deny').click()
  await page.getByText('The <b>person</b> said no').waitFor()
  await expect(result).rejects.toMatchObject({ code: 'access_denied' })
})

const welcomeTemplate = '<title>Hello</title><a href="$auth_uri">Sign in</a> <a href="$abort_uri">Cancel</a>'

test('goes from the welcome page to the end', async () => {
  const { page, result } = await signIn({ welcomeTemplate })
  await page.getByText('Sign in').click()
  await page.getByText('Allow').click()
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  expect(await result).toMatchObject({ code: 'the-code' })
})

test('gives up on the welcome page', async () => {
  const { page, result } = await signIn({ welcomeTemplate })
  await page.getByText('Cancel').click()
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  await expect(result).rejects.toMatchObject({ code: 'user_cancelled' })
})

test('a page that knows even the state signs nobody in unseen', async () => {
  const { page, result, redirectUri, state } = await signIn({})
  const evil = await context.newPage()
  await evil.goto(server.authorize)
  const answers: Record<string, number> = {}
  evil.on('response', (response) => {
    const { origin, searchParams } = new URL(response.url())
    if (origin === redirectUri) answers[searchParams.get('by')!] = response.status()
  })
  const url = `${redirectUri}/?code=stolen&state=${state}&by=`
  await evil.evaluate(async (url) => {
    const body = new URLSearchParams(new URL(url).search)
    await fetch(`${url}get`, { mode: 'no-cors' }).catch(() => {})
    await fetch(`${url}post`, { mode: 'no-cors', method: 'POST', body }).catch(() => {})
    for (const kind of ['img', 'iframe'] as const) {
      const element = Object.assign(document.createElement(kind), { src: url + kind })
      await new Promise((resolve) => {
        for (const type of ['load', 'error']) element.addEventListener(type, resolve)
        document.body.append(element)
      })
    }
  }, url)
  // Chromium shows nobody what an image that is none was answered with.
  await expect.poll(() => answers, PATIENCE).toEqual({ get: 400, post: 400, iframe: 400 })
  await page.getByText('Allow').click()
  expect(await result).toMatchObject({ code: 'the-code' })
})

test('the pages bear scripts of templates no way', async () => {
  const successTemplate =
    '<title>before</title><script>document.title = "after"</script><h1 onclick="alert()">done</h1>'
  const { page, result } = await signIn({ successTemplate })
  await page.getByText('Allow').click()
  await page.getByRole('heading', { name: 'done' }).waitFor()
  expect(await page.title()).toBe('before')
  await result
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the text of the pages has contrast where the system is ${colorScheme}, and fits a narrow window`, async () => {
    const exchange = (): never => {
      throw new AuthError('server_error', `Cannot sign in: ${'x'.repeat(300)}`)
    }
    const { page, result } = await signIn({ exchange })
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 320, height: 600 })
    await page.getByText('Allow').click()
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
    const { contrasts, overflow } = await page.evaluate(() => {
      const luminance = (colour: string): number => {
        const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
          const share = Number(part) / 255
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
      }
      const card = luminance(getComputedStyle(document.querySelector('main')!).backgroundColor)
      const contrasts = [...document.querySelectorAll('h1, p')].map((element) => {
        const text = luminance(getComputedStyle(element).color)
        return (Math.max(text, card) + 0.05) / (Math.min(text, card) + 0.05)
      })
      return { contrasts, overflow: document.documentElement.scrollWidth - innerWidth }
    })
    for (const contrast of contrasts) expect(contrast).toBeGreaterThan(4.5)
    expect(contrasts.length).toBeGreaterThan(2)
    expect(overflow).toBeLessThanOrEqual(0)
    await expect(result).rejects.toMatchObject({ code: 'server_error' })
  })
