import { expect, type Locator, type Page, test as base } from '@playwright/test'
import { type Playground, startPlayground } from './startPlayground.ts'

const wholeToken = /eyJ[\w-]+\.[\w-]+\.[\w-]{16,}/

/** Every test has a playground of its own, and ends with what must hold after any run. */
export const test = base.extend<{ playground: Playground; open: Page }>({
  // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads the names of the fixtures here
  playground: async ({}, use) => {
    await using playground = await startPlayground()
    await use(playground)
  },
  open: async ({ page, playground }, use) => {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      // Chromium reports every status above 399 itself; those are what some tests are about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text())
    })
    await page.goto(playground.url)
    await expect(page.getByRole('button', { name: 'Run' })).toBeEnabled()
    await use(page)
    expect(faults).toEqual([])
    const fields = await page
      .locator('textarea')
      .evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value))
    expect(`${await page.content()}${fields.join('')}`).not.toMatch(wholeToken)
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  },
})

/** The field that is seen and whose label has that in it. */
export const field = (page: Page, name: string): Locator =>
  page.getByLabel(name, { exact: false }).and(page.locator(':visible'))
/** The result's card. */
export const result = (page: Page): Locator => page.getByRole('region', { name: 'Result' })
/** The entries of the log. */
export const runs = (page: Page): Locator => page.locator('.run')

/** Chooses one of several. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).check()
}

/** Runs once, and waits for its entry in the log. */
export async function run(page: Page): Promise<Locator> {
  const before = await runs(page).count()
  await page.getByRole('button', { name: 'Run' }).click()
  await expect(runs(page)).toHaveCount(before + 1)
  return runs(page).first()
}
