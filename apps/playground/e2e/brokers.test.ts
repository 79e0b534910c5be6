import { expect, test as base, type Page } from '@playwright/test'
import { bringNativeBroker, missingNativeBroker } from '../../../tools/nativeBroker/missingNativeBroker.ts'
import { startBrokerDouble, type BrokerDouble } from '../../../tools/nativeBroker/brokerDouble.ts'
import { startSessionBus } from '../../../tools/nativeBroker/sessionBus.ts'
import { startPlayground, type Playground } from './startPlayground.ts'

/** The identity broker of this test on a bus of its own, and a playground on that bus. */
const test = base.extend<{ broker: BrokerDouble; playground: Playground }>({
  // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads the names of the fixtures here
  broker: async ({}, use) => {
    await bringNativeBroker()
    const missing = missingNativeBroker()
    base.skip(missing !== undefined, missing)
    const bus = await startSessionBus()
    const broker = await startBrokerDouble(bus.address)
    await use(broker)
    broker.leave()
    await bus.close()
  },
  // After the broker: the server finds the bus in this process's environment.
  playground: async ({ broker }, use) => {
    expect(broker.calls).toEqual([])
    await using playground = await startPlayground()
    await use(playground)
  },
})

const result = (page: Page) => page.getByRole('region', { name: 'Result' })

async function open(page: Page, playground: Playground): Promise<void> {
  await page.goto(playground.url)
  await page.getByRole('link', { name: 'Brokers' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  await page.getByLabel('Client ID').fill('11111111-2222-3333-4444-555555555555')
}

test('a person signs in with the broker, again silently, and out', async ({ page, broker, playground }) => {
  await open(page, playground)
  await expect(page.locator('#broker')).toContainText('available')
  await expect(page.locator('#redirect-uri')).toHaveText('https://login.microsoftonline.com/common/oauth2/nativeclient')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('#announcement')).toContainText('Got a token from the broker')
  await expect(result(page)).toContainText('zoe@fabrikam.example')
  await page.getByRole('button', { name: 'Silent' }).click()
  await expect(result(page)).toContainText('from the broker')
  expect(broker.calls.map(({ member }) => member)).toContain('acquireTokenSilently')
  expect(await page.content()).not.toMatch(/access token [0-9a-f]{8}-/)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.locator('#accounts')).toContainText('Nobody.')
})

test('where there is no broker the page says why, and what to do', async ({ page, broker, playground }) => {
  broker.leave()
  await open(page, playground)
  await expect(page.locator('#broker')).toContainText('not_installed')
  await expect(page.locator('#broker')).toContainText('microsoft-identity-broker')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(result(page)).toContainText('broker_unavailable')
  await broker.join()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.locator('#broker')).toContainText('available')
})
