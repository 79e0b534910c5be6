import { expect, type Page } from '@playwright/test'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { choose, result, run, runs, test } from './pageTest.ts'

const cache = (page: Page) => page.getByRole('region', { name: 'Token cache' })

const kinds: [name: string, protection: string, isEncrypted: boolean][] = [
  ['file', 'none', false],
  ['encrypted file', 'key', true],
  ['folder', 'key', true],
]
for (const [name, protection, isEncrypted] of kinds)
  test(`a token is kept on the server: ${name}`, async ({ open, playground }) => {
    await choose(open, 'on the server')
    await open.getByRole('radio', { name, exact: true }).check()
    await run(open)
    await expect(result(open)).toContainText('from the identity provider')
    await expect(cache(open).locator('.entries')).toContainText('AccessToken')
    await expect(cache(open).getByRole('definition').nth(1)).toHaveText(protection)
    await expect(cache(open).getByRole('definition').nth(2)).toHaveText('yes')
    await run(open)
    await expect(result(open)).toContainText('from the cache')

    const path = await cache(open).getByRole('definition').first().innerText()
    const folder = dirname(name === 'folder' ? path : dirname(path))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const files = name === 'folder' ? readdirSync(path).map((file) => join(path, file)) : [path]
    // A folder has a file for the app's tokens, and one for what is known of the app.
    expect(files).toHaveLength(name === 'folder' ? 2 : 1)
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual(files.map(() => 0o600))
    expect(files.some((file) => readFileSync(file, 'utf8').includes('AccessToken'))).toBe(!isEncrypted)

    await choose(open, 'in this page')
    await expect(open.getByRole('radio', { name: 'memory' })).toBeChecked()
    await expect(open.getByRole('radio', { name, exact: true })).toBeHidden()
    const ended = once(playground.child, 'exit')
    playground.child.kill('SIGINT')
    await ended
    expect(existsSync(folder)).toBe(false)
  })

test('an example starts over: what was kept is gone', async ({ open }) => {
  await choose(open, 'on the server')
  const file = open.getByRole('radio', { name: 'file', exact: true })
  await file.check()
  await run(open)
  await expect(cache(open).locator('.entries')).toContainText('AccessToken')
  await open.getByRole('button', { name: 'Due for refresh' }).click()
  await expect(runs(open)).toHaveCount(3)
  await file.check()
  await expect(cache(open)).toContainText('on the server · file')
  await expect(cache(open)).toContainText('Nothing is cached here.')
  await run(open)
  await expect(result(open)).toContainText('from the identity provider')
})
