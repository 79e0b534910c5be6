import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { nativeBrokerForTests } from '../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()

/** Runs an example on the bus of this test; the broker is in this process, so nothing may block. */
async function run(folder: string): Promise<{ code: number | null; output: string }> {
  const program = fileURLToPath(new URL(`../${folder}/signIn.ts`, import.meta.url))
  const authority = 'https://login.microsoftonline.com/organizations'
  // No browser is opened: there is none of that name, and then the address is printed.
  const env = { ...process.env, CLIENT_ID: crypto.randomUUID(), AUTHORITY: authority, BROWSER: '/nowhere/browser' }
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const read = (text: string): void => {
    output += text
    // A program that waits for a person is not waited for.
    if (text.includes('Open this page')) child.kill()
  }
  child.stdout.setEncoding('utf8').on('data', read)
  child.stderr.setEncoding('utf8').on('data', read)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

describe.skipIf(native.reason)(native.title('examples of brokers'), () => {
  test('broker-linux: the account of the computer signs in, and the program ends', { timeout: 90_000 }, async () => {
    const { code, output } = await run('broker-linux')
    expect(output).toContain('Microsoft identity broker: available')
    expect(output).toContain('redirect URI to register: https://login.microsoftonline.com/common/oauth2/nativeclient')
    expect(output).toContain('signed in as zoe@fabrikam.example by the broker')
    expect(code).toBe(0)
  })

  test.each([
    ['broker-windows', 'Web Account Manager'],
    ['broker-mac', 'Company Portal'],
  ])('%s: elsewhere it says so, and goes to the browser', { timeout: 90_000 }, async (folder, name) => {
    const { output } = await run(folder)
    expect(output).toContain(`${name}: other_system`)
    expect(output).toContain('Open this page: https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize')
  })
})
