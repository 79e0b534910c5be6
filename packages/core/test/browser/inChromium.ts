import { chromium, type BrowserContext, type Page } from 'playwright'
import { afterEach, beforeEach } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../../tools/chromium.ts'
import { openForTests } from '../../../../tools/openForTests.ts'

/** A Chromium for the tests of a file, each with a profile of its own; skipped with the reason where there is none. */
export function inChromium(ignoreDefaultArgs: string[] = []): { context(): BrowserContext } {
  const browser = openForTests(async () => {
    const executablePath = await findChromium()
    return chromium.launch({ executablePath, chromiumSandbox: false, args: CHROMIUM_ARGUMENTS, ignoreDefaultArgs })
  })
  let context: BrowserContext | undefined
  beforeEach(async () => {
    context = await browser().newContext()
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
