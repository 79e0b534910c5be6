import { acquireTokenInteractive, acquireTokenSilent, createPublicClient } from '@latchkey/core'
import { createEmulator, serve, type ServedEmulator } from '@latchkey/emulator'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../tools/chromium.ts'
import { openForTests } from '../../../tools/openForTests.ts'
import { loopback, type LoopbackOptions } from '@latchkey/loopback'

const emulator = createEmulator()
const browser = openForTests(async () => {
  const executablePath = await findChromium()
  return chromium.launch({ executablePath, chromiumSandbox: false, args: CHROMIUM_ARGUMENTS })
})
let served: ServedEmulator

beforeAll(async () => {
  served = await serve(emulator)
})
afterAll(() => served?.close())

/** A tab in which a person types in what Entra's pages ask for. */
async function signIn(page: Awaited<ReturnType<Browser['newPage']>>, url: string, password: string): Promise<void> {
  await page.goto(url)
  const name = page.locator('input[name=username]')
  if (await name.isVisible()) {
    await name.fill(emulator.defaults.username)
    await page.locator('button').first().click()
  }
  await page.locator('input[type=password]').fill(password)
  await page.locator('button').first().click()
}

test.each(['form_post', 'query'] as const)(
  'a person signs in with Chromium (%s), and a program stays signed in',
  async (responseMode) => {
    const page = await browser().newPage()
    const { publicClientId: clientId, tenantId, username, password, userScope } = emulator.defaults
    const client = createPublicClient({ clientId, authority: `${served.url}/${tenantId}` })
    const options: LoopbackOptions = { responseMode, openBrowser: (url) => signIn(page, url, password) }
    const scopes = [userScope]
    const { account } = await acquireTokenInteractive(client, {
      scopes,
      interaction: loopback(options),
      loginHint: username,
    })
    expect(account?.username).toBe(username)
    await expect.poll(() => page.locator('body').innerText()).toMatch(/signed in/i)
    expect(page.url()).not.toContain('code=')
    expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
    await page.close()
  },
)

test('a person who declines is told so, and the program too', async () => {
  const page = await browser().newPage()
  const { publicClientId: clientId, tenantId, username, password } = emulator.defaults
  const client = createPublicClient({ clientId, authority: `${served.url}/${tenantId}` })
  const interaction = loopback({
    async openBrowser(url) {
      await signIn(page, url, password)
      await page.getByRole('button', { name: 'Cancel' }).click()
    },
  })
  const call = acquireTokenInteractive(client, {
    scopes: ['Mail.Send'],
    interaction,
    loginHint: username,
    prompt: 'consent',
  })
  await expect(call).rejects.toMatchObject({ code: 'access_denied' })
  await expect.poll(() => page.locator('body').innerText()).toContain('access_denied')
  await page.close()
})
