import { expect, type Page } from '@playwright/test'
import { test } from './pageTest.ts'

const wholeToken = /eyJ[\w-]+\.[\w-]+\.[\w-]{16,}/
const answer = (page: Page) => page.getByRole('region', { name: 'Answer of the API' })
const proof = (page: Page) => page.getByRole('region', { name: 'Proof' })
const result = (page: Page) => page.getByRole('region', { name: 'Result' })

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('link', { name: 'Proof of possession' }).click()
  await expect(page.getByRole('button', { name: 'Get a token' })).toBeEnabled()
}

async function call(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Get a token' }).click()
}

for (const { name, scheme, parts } of [
  { name: 'signed request', scheme: 'PoP', parts: ['/resource/orders', 'client_info|ts', 'cnf'] },
  { name: 'DPoP', scheme: 'DPoP', parts: ['dpop+jwt', 'htu', 'ath'] },
])
  for (const way of ['app', 'password'])
    test(`${name} × ${way}: the proof is shown and taken, the token alone is not`, async ({ page, playground }) => {
      await open(page, playground.url)
      await page.getByRole('radio', { name }).check()
      await page.getByRole('radio', { name: way }).check()
      await call(page)
      await expect(answer(page)).toContainText('200')
      await expect(answer(page)).toContainText(scheme === 'PoP' ? '"kid"' : '"jkt"')
      await expect(proof(page)).toContainText(`beside the scheme ${scheme}`)
      for (const part of parts) await expect(proof(page)).toContainText(new RegExp(part.replace('+', '\\+')))
      await page.getByRole('button', { name: 'token alone' }).click()
      await expect(answer(page)).toContainText('401')
      expect(await page.content()).not.toMatch(wholeToken)
    })

test('a nonce that the API wants is got and sent', async ({ page, playground }) => {
  await open(page, playground.url)
  await page.getByRole('radio', { name: 'DPoP' }).check()
  await page.getByRole('checkbox', { name: 'Wants a nonce' }).check()
  await page.getByLabel('Method').selectOption('POST')
  await call(page)
  await expect(answer(page)).toContainText('200')
  await expect(proof(page)).toContainText('nonce')
  await expect(page.locator('#requests .exchange.bad')).toHaveCount(1)
})

test('a person signs in by popup, and on another device, with a key', async ({ page, playground }) => {
  await open(page, playground.url)
  await page.getByRole('radio', { name: 'popup' }).check()
  const [window] = await Promise.all([page.waitForEvent('popup'), call(page)])
  await window.waitForURL(/authorize/)
  if (await window.locator('input[name=username]').isVisible()) await window.locator('button').first().click()
  await window.locator('input[type=password]').fill('ada-password')
  await window.locator('button').first().click()
  await expect(result(page)).toContainText('ada@contoso.com')
  await expect(answer(page)).toContainText('200')

  await page.getByRole('radio', { name: 'device' }).check()
  await page.getByRole('radio', { name: 'DPoP' }).check()
  await call(page)
  const userCode = await page.locator('#device code').innerText()
  const response = await fetch(`${playground.url}.emulator/approve-device`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userCode, username: 'bob@contoso.com' }),
  })
  expect(response.status).toBe(204)
  await expect(result(page)).toContainText('bob@contoso.com', { timeout: 20_000 })
  await expect(proof(page)).toContainText('beside the scheme DPoP')
})

test('a bearer token needs no proof, and a sign-in can be cancelled', async ({ page, playground }) => {
  await open(page, playground.url)
  await page.getByRole('radio', { name: 'bearer' }).check()
  await call(page)
  await expect(answer(page)).toContainText('200')
  await expect(proof(page)).toContainText('A bearer token needs none')
  await page.getByRole('radio', { name: 'device' }).check()
  await call(page)
  await expect(page.locator('#device')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(result(page)).toContainText('user_cancelled')
})
