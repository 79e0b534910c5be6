import { expect, type Page } from '@playwright/test'
import { test } from './pageTest.ts'

const wholeToken = /eyJ[\w-]+\.[\w-]+\.[\w-]{16,}/

async function openPeople(page: Page, url: string): Promise<void> {
  await page.goto(`${url}people.html`)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
}

/** What a person types into the emulator's pages; the name is there already, by the login hint. */
async function signIn(page: Page, password = 'ada-password'): Promise<void> {
  await page.waitForURL(/authorize/)
  const name = page.locator('input[name=username]')
  if (await name.isVisible()) await page.locator('button').first().click()
  await page.locator('input[type=password]').fill(password)
  await page.locator('button').first().click()
}

const announcement = (page: Page) => page.locator('#announcement')
const result = (page: Page) => page.getByRole('region', { name: 'Result' })

test('a person signs in by redirect, and then everything silent works', async ({ page, playground }) => {
  await openPeople(page, playground.url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signIn(page)
  await page.waitForURL(`${playground.url}people.html`)
  await expect(announcement(page)).toContainText('Got a token from the identity provider')
  await expect(result(page)).toContainText('ada@contoso.com')
  await expect(result(page)).toContainText('Claims of the ID token')
  await page.getByRole('button', { name: 'Silent' }).click()
  await expect(announcement(page)).toContainText('Got a token from the cache')
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(announcement(page)).toContainText('Got a token from the identity provider')
  await page.getByRole('button', { name: 'Call the API' }).click()
  await expect(announcement(page)).toContainText('one request')
  expect(await page.content()).not.toMatch(wholeToken)
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('#accounts')).toContainText('Nobody.')
})

test('a person signs in by popup', async ({ page, playground }) => {
  await openPeople(page, playground.url)
  await page.getByRole('radio', { name: 'popup' }).check()
  const [window] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Sign in' }).click(),
  ])
  await signIn(window)
  await expect(result(page)).toContainText('ada@contoso.com')
})

test('a person signs in on another device', async ({ page, playground }) => {
  await openPeople(page, playground.url)
  await page.getByRole('radio', { name: 'device' }).check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  const userCode = await page.locator('#device code').innerText()
  const response = await fetch(`${playground.url}.emulator/approve-device`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userCode, username: 'bob@contoso.com' }),
  })
  expect(response.status).toBe(204)
  await expect(result(page)).toContainText('bob@contoso.com', { timeout: 20_000 })
})

test('a wrong password is refused, with what to do; a sign-in can be cancelled', async ({ page, playground }) => {
  await openPeople(page, playground.url)
  await page.getByRole('radio', { name: 'password' }).check()
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(result(page)).toContainText('AADSTS50126')
  await page.getByRole('radio', { name: 'device' }).check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('#device')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(result(page)).toContainText('user_cancelled')
  await expect(page.locator('#device')).toBeHidden()
})
