import { expect, type Page } from '@playwright/test'
import { result, runs, test } from './pageTest.ts'

const wholeToken = /eyJ[\w-]+\.[\w-]+\.[\w-]{16,}/

async function acquire(page: Page, settings: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const field = page.locator(`[name=${name}]`)
    if (name === 'resource') await field.fill(value)
    else await field.selectOption(value)
  }
  const before = await runs(page).count()
  await page.getByRole('button', { name: 'Get a token' }).click()
  await expect(runs(page)).toHaveCount(before + 1)
}

const announcement = (page: Page) => page.locator('#announcement')

test('a program gets its token from each place, and then from the cache', async ({ page, playground }) => {
  await page.goto(playground.url)
  await page.getByRole('link', { name: 'Managed identity' }).click()
  await expect(page.getByRole('button', { name: 'Get a token' })).toBeEnabled()
  for (const [place, resource, requests] of [
    ['imds', 'https://vault.azure.net', 'one request'],
    ['appService', 'https://graph.microsoft.com', 'one request'],
    ['machineLearning', 'https://management.azure.com', 'one request'],
    ['serviceFabric', 'https://management.core.windows.net', 'one request'],
    ['arc', 'https://vault.azure.net/', '2 requests'],
  ] as const) {
    await acquire(page, { place, identity: 'system', resource })
    await expect(announcement(page)).toContainText(/Got a token from the identity provider/)
    await expect(announcement(page)).toContainText(requests)
  }
  await acquire(page, { place: 'imds', resource: 'https://vault.azure.net' })
  await expect(announcement(page)).toContainText('Got a token from the cache')
  await expect(page.locator('#cache')).toContainText('managed_identity')
  expect(await page.content()).not.toMatch(wholeToken)
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
})

test('it is the identity that was asked for, or none', async ({ page, playground }) => {
  await page.goto(`${playground.url}managed-identity.html`)
  await expect(page.getByRole('button', { name: 'Get a token' })).toBeEnabled()
  for (const identity of ['clientId', 'objectId', 'resourceId']) {
    await acquire(page, { place: 'imds', identity })
    await expect(result(page)).toContainText('e2f3a4b5-0000-4000-8000-000000000002')
  }
  await acquire(page, { place: 'imds', identity: 'unknown' })
  await expect(announcement(page)).toContainText('Failed: managed_identity_unavailable')
  await acquire(page, { place: 'serviceFabric', identity: 'clientId', resource: 'https://graph.microsoft.com' })
  await expect(announcement(page)).toContainText('Failed: managed_identity_error')
  await expect(announcement(page)).toContainText('no requests')
  await acquire(page, { place: 'imds', identity: 'system', resource: 'https://nobody.example' })
  await expect(result(page)).toContainText('AADSTS500011')
})

test('where there is none, that is said', async ({ page, playground }) => {
  await page.goto(`${playground.url}managed-identity.html`)
  await expect(page.getByRole('button', { name: 'Get a token' })).toBeEnabled()
  await acquire(page, { place: 'nowhere' })
  await expect(announcement(page)).toContainText('Failed: managed_identity_unavailable')
  await acquire(page, {})
  await expect(announcement(page)).toContainText('no requests')
  await expect(page.locator('#detection')).toContainText('imds: no variable is set')
})
