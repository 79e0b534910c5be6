import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@latchkey/emulator'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { expect, onTestFinished, test } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../tools/chromium.ts'
import { Skipped } from '../../../tools/outcome.ts'
import { bundlePage } from './fixtures/bundlePage.js'
import { servePages } from './fixtures/servePages.js'

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const [, example = ''] = /^```js\n([^]*?)^```/m.exec(read('../README.md')) ?? []

/** Runs the example in the handler of a click, as it asks for. */
const page = `addEventListener('click', async () => {
  document.title = await import('/example.js').then(({ accessToken }) => 'got ' + accessToken, String)
})`

test('the example of the README signs a user in once, and finds the token after a restart', async (context) => {
  const executablePath = await findChromium().catch((error: unknown) => {
    if (!(error instanceof Skipped)) throw error
    console.log(`skipped: ${error.message}`)
    return context.skip(error.message)
  })
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const emulator = createEmulator()
  const { publicClientId, tenantId, username, password } = emulator.defaults
  const filled = example
    .replace("clientId: '…'", `clientId: '${publicClientId}'`)
    .replace('microsoftonline.com/…', `microsoftonline.com/${tenantId}`)
  expect(filled).not.toContain('…')
  writeFileSync(join(folder, 'example.js'), `${filled}\nexport { accessToken }`)
  const served = await servePages({
    '/page.js': page,
    '/example.js': await bundlePage(join(folder, 'example.js'), 'esm'),
    '/receiver.html': read('../../core/receiver.html'),
  })
  onTestFinished(() => served.close())
  const app = emulator.directory.apps.get(publicClientId)!
  emulator.directory.addApp({ ...app, redirectUris: { ...app.redirectUris, spa: [`${served.url}/receiver.html`] } })

  /** Starts the browser with the same profile, in which Entra is the emulator. */
  async function inBrowser(run: (tab: Page) => Promise<void>): Promise<void> {
    const options = { executablePath, chromiumSandbox: false, args: CHROMIUM_ARGUMENTS }
    const browser: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), options)
    try {
      await browser.route('https://login.microsoftonline.com/**', async (route) => {
        const asked = route.request()
        const method = asked.method()
        const answer = await emulator.fetch(asked.url(), {
          method,
          headers: await asked.allHeaders(),
          ...(method === 'POST' && { body: asked.postData() ?? '' }),
          redirect: 'manual',
        })
        const headers = Object.fromEntries(answer.headers)
        await route.fulfill({ status: answer.status, headers, body: await answer.text() })
      })
      const tab = await browser.newPage()
      await tab.goto(served.url)
      await run(tab)
    } finally {
      await browser.close()
    }
  }

  let got = ''
  await inBrowser(async (tab) => {
    const [window] = await Promise.all([tab.waitForEvent('popup'), tab.locator('html').click()])
    await window.locator('input[name=username]').fill(username)
    await window.locator('button').first().click()
    await window.locator('input[type=password]').fill(password)
    await window.locator('button').first().click()
    await expect.poll(() => tab.title(), { timeout: 25_000 }).toMatch(/^got eyJ/)
    got = await tab.title()
  })
  const { length } = emulator.requests
  expect(length).toBeGreaterThan(0)
  await inBrowser(async (tab) => {
    await tab.locator('html').click()
    await expect.poll(() => tab.title(), { timeout: 25_000 }).toBe(got)
    expect(
      tab
        .context()
        .pages()
        .filter((page) => page.url() !== 'about:blank'),
    ).toEqual([tab])
  })
  expect(emulator.requests).toHaveLength(length)
}, 120_000)
