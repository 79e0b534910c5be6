import { expect } from '@playwright/test'
import { choose, field, result, run, runs, test } from './pageTest.ts'
import type { Playground } from './startPlayground.ts'

interface Defaults {
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
}

async function tokenRequests({ url }: Playground): Promise<number> {
  const { requests } = (await (await fetch(`${url}.emulator/requests`)).json()) as { requests: { url: string }[] }
  return requests.filter((request) => request.url.endsWith('/oauth2/v2.0/token')).length
}

async function defaultsOf({ url }: Playground): Promise<Defaults> {
  return ((await (await fetch(`${url}.emulator`)).json()) as { defaults: Defaults }).defaults
}

for (const place of ['in this page', 'on the server'])
  test.describe(place, () => {
    test.beforeEach(({ open }) => choose(open, place))

    test('the first run asks the identity provider, the second one the cache', async ({ open, playground }) => {
      const before = await tokenRequests(playground)
      const first = await run(open)
      await expect(result(open)).toContainText('from the identity provider')
      await expect(result(open)).toContainText('User.Read.All')
      await expect(result(open)).toContainText(/expires in 59:\d\d/)
      await expect(first.locator('.exchange')).toHaveCount(1)

      const second = await run(open)
      await expect(result(open)).toContainText('from the cache')
      await expect(second).toContainText('No request.')
      await expect(open.getByRole('status')).toContainText('from the cache')
      expect(await tokenRequests(playground)).toBe(before + 1)
    })

    test('a wrong secret is explained, and shown nowhere', async ({ open }) => {
      await field(open, 'Client secret').fill('guessed-W7q4')
      await run(open)
      await expect(result(open)).toContainText('invalid_client')
      await expect(result(open)).toContainText('AADSTS7000215')
      await expect(result(open)).toContainText('The client secret is wrong')
      await open.locator('.exchange summary').click()
      await expect(open.getByRole('row', { name: 'client_secret' })).toContainText('‹redacted›')
      expect(await open.content()).not.toContain('guessed-W7q4')
    })

    test('429 is throttled, with the seconds to wait, and the next call makes no request', async ({ open }) => {
      await open.getByText('What goes wrong').click()
      await field(open, 'Fault').selectOption('429')
      await field(open, 'Retry-After').fill('7')
      await run(open)
      await expect(result(open)).toContainText('throttled')
      await expect(result(open)).toContainText('wait 7 s')
      await field(open, 'Fault').selectOption('none')
      const second = await run(open)
      await expect(second).toContainText('No request.')
      await expect(result(open)).toContainText('No request was made')
      await open.getByRole('button', { name: 'Start over' }).click()
      await expect(result(open)).toContainText('A new client')
      await run(open)
      await expect(result(open)).toContainText('from the identity provider')
    })

    test('200 simultaneous calls make exactly one request', async ({ open, playground }) => {
      const before = await tokenRequests(playground)
      await choose(open, '200 equal ones')
      const item = await run(open)
      await expect(result(open)).toContainText('200 of 200 calls')
      await expect(item.locator('.exchange')).toHaveCount(1)
      expect(await tokenRequests(playground)).toBe(before + 1)
    })

    test('a domain is looked up first', async ({ open }) => {
      await field(open, 'Authority').selectOption('domain')
      const item = await run(open)
      await expect(item.locator('.exchange')).toHaveCount(2)
      await expect(item.locator('.exchange').first()).toContainText(
        '/contoso.com/v2.0/.well-known/openid-configuration',
      )
    })

    test('a broken connection and a slow answer are told apart', async ({ open }) => {
      await open.getByText('What goes wrong').click()
      await field(open, 'Fault').selectOption('reset')
      await run(open)
      await expect(result(open)).toContainText('network_error')
      await field(open, 'Fault').selectOption('stall')
      await open.getByText('Options of the client').click()
      await field(open, 'Timeout').fill('300')
      await run(open)
      await expect(result(open)).toContainText('timeout')
    })

    test('a token that is due for refresh is returned, and refreshed in the background', async ({ open }) => {
      await open.getByRole('button', { name: 'Due for refresh' }).click()
      await expect(runs(open)).toHaveCount(2)
      await expect(result(open)).toContainText('from the cache')
      await expect(result(open)).toContainText('1 request in the background')
      await expect(result(open)).toContainText('due for refresh')
    })

    test('the cache is edited as JSON and loaded again, and emptied', async ({ open }) => {
      await choose(open, 'serializable')
      await run(open)
      await expect(open.locator('.entries')).toContainText('AccessToken')
      await open.getByText('As JSON').click()
      const json = open.getByLabel('The cache as JSON')
      const text = await json.inputValue()
      expect(text).toContain('‹cut›')

      await json.fill(text.replace(/"expires_on": "\d+"/, '"expires_on": "1"'))
      await open.getByRole('button', { name: 'Load into the cache' }).click()
      await expect(open.locator('.entries')).toContainText('expired')
      await run(open)
      await expect(result(open)).toContainText('from the identity provider')

      await json.fill('{')
      await field(open, 'Scope').fill('https://graph.microsoft.com/.default')
      await choose(open, '200 equal ones')
      await expect(json).toHaveValue('{') // an edited text survives other choices
      await open.getByRole('button', { name: 'Load into the cache' }).click()
      await expect(result(open)).toContainText('cache_corrupt')
      await run(open)
      await expect(result(open)).toContainText('from the cache')

      await open.getByRole('button', { name: 'Remove tokens' }).click()
      await expect(open.locator('.entries')).not.toContainText('AccessToken')
    })

    test('a run can be given up', async ({ open }) => {
      await open.getByText('What goes wrong').click()
      await field(open, 'Fault').selectOption('stall')
      await open.getByRole('button', { name: 'Run' }).click()
      await open.getByRole('button', { name: 'Cancel' }).click()
      await expect(runs(open)).toHaveCount(1)
      await expect(result(open)).toContainText('user_cancelled')
      await field(open, 'Fault').selectOption('none')
      await run(open)
      await expect(result(open)).toContainText('from the identity provider')
    })
  })

test('your own tenant is asked from the server, and the secret goes nowhere else', async ({ open, playground }) => {
  const { clientId, clientSecret, scope } = await defaultsOf(playground)
  const carried: string[] = []
  open.on('request', (request) => {
    if (request.postData()?.includes(clientSecret)) carried.push(new URL(request.url()).pathname)
  })
  await field(open, 'Authority').selectOption('own')
  await field(open, 'Authority URL').fill(`${playground.url}contoso.com`)
  await field(open, 'Client ID').fill(clientId)
  await field(open, 'Client secret').fill(clientSecret)
  await field(open, 'Scope').fill(scope)
  await expect(open.getByRole('radio', { name: 'in this page' })).toBeDisabled()
  await run(open)
  await expect(result(open)).toContainText('from the identity provider')
  expect(carried).toEqual(['/api/run'])
  expect(await open.content()).not.toContain(clientSecret)
})

test('everything has a name, the keyboard runs it, and nothing sticks out at 400 px', async ({ open }) => {
  await open.setViewportSize({ width: 400, height: 800 })
  for (const group of await open.locator('details:has(> summary h2)').all())
    await group.locator('summary').first().press('Enter')
  const nameless = await open
    .locator('input, select, textarea, button')
    .evaluateAll((all) =>
      all
        .filter((one) => !(one as HTMLInputElement).labels?.length && !one.textContent?.trim())
        .map((one) => one.outerHTML),
    )
  expect(nameless).toEqual([])
  await field(open, 'Scope').press('ControlOrMeta+Enter')
  await expect(result(open)).toContainText('from the identity provider')
  await open.locator('.exchange summary').press('Enter')
  await expect(open.getByText('Response headers')).toBeVisible()
  expect(await open.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
})

test('what Latchkey calls a wrong argument is shown as such', async ({ open }) => {
  await field(open, 'Scope').fill('openid')
  await run(open)
  await expect(result(open)).toContainText('TypeError')
  await expect(result(open)).toContainText('offline_access')
})

test('the log is cleared', async ({ open }) => {
  await run(open)
  await open.getByRole('button', { name: 'Clear log' }).click()
  await expect(runs(open)).toHaveCount(0)
})
