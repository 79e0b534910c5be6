import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inChromium, signIn } from '../../packages/core/test/browser/inChromium.ts'

const chromium = inChromium()
let program: ChildProcess | undefined
let address = ''
beforeAll(async () => {
  program = spawn(process.execPath, ['spa/run.ts'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  address = await new Promise((resolve, reject) => {
    let output = ''
    program?.once('exit', (code) => reject(new Error(`ended with ${code}\n${output}`)))
    program?.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const found = /^open (\S+)$/m.exec(output)?.[1]
      if (found) resolve(found)
    })
  })
})
afterAll(async () => {
  if (!program || program.exitCode !== null) return
  const ended = once(program, 'exit')
  program.kill()
  await ended
})

const text = (page: Page, id: string) => expect.poll(() => page.locator(id).innerText(), { timeout: 20_000 })

test('spa: a person signs in by redirect, stays signed in, calls the API and signs out', async () => {
  const faults: string[] = []
  const page = await chromium.context().newPage()
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(`${address}?from=here`)
  await text(page, '#user').toBe('Nobody is signed in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await signIn(page, 'ada@contoso.com', 'ada-password')
  await text(page, '#user').toBe('Signed in as ada@contoso.com')
  expect(page.url()).toBe(`${address}?from=here`)
  await page.reload()
  await text(page, '#user').toBe('Signed in as ada@contoso.com')
  await page.getByRole('button', { name: 'Call the API' }).click()
  await text(page, '#outcome').toBe('A token from cache; the API answered 200')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await text(page, '#user').toBe('Nobody is signed in')
  expect(faults).toEqual([])
})

test('spa: a person signs in in a popup', async () => {
  const page = await chromium.context().newPage()
  await page.goto(address)
  const button = page.getByRole('button', { name: 'Sign in with a popup' })
  const [window] = await Promise.all([page.waitForEvent('popup'), button.click()])
  await window.waitForURL(/authorize/)
  const closed = window.waitForEvent('close')
  await signIn(window, 'ada@contoso.com', 'ada-password')
  await text(page, '#user').toBe('Signed in as ada@contoso.com')
  await closed
})
