import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../../tools/chromium.ts'
import { Skipped } from '../../../../tools/outcome.ts'

/** A Chromium for the tests of a file, each with a profile of its own; skipped with the reason where there is none. */
export function inChromium(ignoreDefaultArgs: string[] = []): { context(): BrowserContext } {
  let browser: Browser | undefined
  let context: BrowserContext | undefined
  let missing: string | undefined
  beforeAll(async () => {
    try {
      const executablePath = await findChromium()
      const args = CHROMIUM_ARGUMENTS
      browser = await chromium.launch({ executablePath, chromiumSandbox: false, args, ignoreDefaultArgs })
    } catch (error) {
      if (!(error instanceof Skipped)) throw error
      missing = error.message
      console.log(`skipped: ${missing}`)
    }
  }, 180_000)
  afterAll(() => browser?.close())
  beforeEach(async (test) => {
    if (!browser) return test.skip(missing)
    context = await browser.newContext()
  })
  afterEach(() => context?.close())
  return { context: () => context! }
}

/** Types in what the emulator's pages ask for, as a person does. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.locator('input[name=username]').fill(username)
  await page.locator('button').first().click()
  await page.locator('input[type=password]').fill(password)
  await page.locator('button').first().click()
}
