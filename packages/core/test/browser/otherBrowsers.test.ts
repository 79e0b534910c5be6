import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openFirefox } from '../../../../tools/firefox.ts'
import { openForTests } from '../../../../tools/openForTests.ts'
import type { Tab } from '../../../../tools/RealBrowser.ts'
import { openWebKit } from '../../../../tools/webKit.ts'
import { startPages, type Pages, type PagesOptions } from './startPages.js'

const { username, password } = { username: 'ada@contoso.com', password: 'ada-password' }
const sameOrigin = { 'cross-origin-opener-policy': 'same-origin' }
const situations: [name: string, options: PagesOptions][] = [
  ['nothing special', {}],
  ['the sign-in page cuts itself off from its opener', { coop: true }],
  ['the app, too', { coop: true, appHeaders: sameOrigin }],
]

describe.each([
  ['Firefox', openFirefox],
  ['WebKit', openWebKit],
])('%s', (_name, open) => {
  describe.each(situations)('%s', (_name, options) => {
    let pages: Pages
    const browser = openForTests(() => open(60_000))
    beforeAll(async () => {
      pages = await startPages(options)
    })
    afterAll(() => pages?.close())

    /** A page that is just going away cannot answer. */
    const eventually = <T>(look: () => Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 25_000, interval: 100 })
    const outcome = (tab: Tab) =>
      expect.poll(() => tab.evaluate(`document.querySelector('#outcome')?.textContent`).catch(String), {
        timeout: 25_000,
      })

    /** Types in what the sign-in page asks for, wherever it is shown. */
    async function signIn(): Promise<void> {
      const tab = await eventually(async () => {
        for (const tab of await browser().tabs())
          if (await tab.evaluate<boolean>(`location.href.includes('/authorize')`).catch(() => false)) return tab
        throw new Error('There is no sign-in page')
      })
      for (const [selector, text] of [
        ['input[name=username]', username],
        ['input[type=password]', password],
      ] as const) {
        await eventually(() => tab.evaluate(`(document.querySelector('${selector}').value = '${text}')`))
        await tab.click('button')
      }
    }

    test('a person signs in by popup, and the window closes; then by redirect, without a password', async () => {
      const one = await browser().openTab(`${pages.app}/quiet`)
      const before = (await browser().tabs()).length
      await one.click('#popup')
      await signIn()
      await outcome(one).toBe(`signed in: ${username} `)
      expect(await one.evaluate('silent()')).toBe('cache')
      await expect.poll(async () => (await browser().tabs()).length, { timeout: 25_000 }).toBe(before)

      const other = await browser().openTab(`${pages.app}/?from=here#there`)
      await outcome(other).toBe('nothing to complete')
      await other.click('#redirect')
      await outcome(other).toBe(`signed in: ${username} ${pages.app}/?from=here#there`)
      expect(await other.evaluate('location.href')).toBe(`${pages.app}/`)
      expect(await other.evaluate('silent()')).toBe('cache')
      const stored = '[sessionStorage, localStorage].flatMap((one) => Object.values(one)).join()'
      expect(await other.evaluate(stored)).toBe('')
    })
  })
})
