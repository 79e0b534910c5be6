import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBrowser } from './browser.js'

// built next to package.json, where the published file is, and where dependencies are found
const folder = fileURLToPath(new URL('../.cli-test', import.meta.url))
const file = `${folder}/cli.js`

beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL('../src/cli.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  }),
)
afterAll(() => rm(folder, { recursive: true, force: true }))

function start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = start(...args)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

test('--help and --version', async () => {
  const help = await run('--help')
  expect(help).toMatchObject({ status: 0, stderr: '' })
  for (const option of ['--port', '--tenant', '--quiet', '--help', '--version']) expect(help.stdout).toContain(option)
  expect(await run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test.each([
  [['--unknown'], "Unknown option '--unknown'"],
  [['extra'], 'Unexpected argument'],
  [['--port', 'x'], '--port must be'],
  [['--port', '65536'], '--port must be'],
  [['--port'], '--port'],
  [['--tenant', 'not a name'], '--tenant must be'],
])('%j exits 2 with the usage', async (args, message) => {
  const { status, stdout, stderr } = await run(...args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(message)
  expect(stderr).toContain('Usage: latchkey-emulator')
})

test.each(['SIGTERM', 'SIGINT'] as const)('serves, logs without secrets, and stops on %s', async (signal) => {
  const child = start('--port', '0', '--tenant', 'mine.example')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const seen: string[] = []
  const until = async (part: string): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`The output ended before "${part}"`)
      seen.push(value)
      if (value.includes(part)) return value
    }
  }
  const users = (await until('ada@mine.example')).trim().split(/ {2,}/)
  expect(users).toEqual(['ada@mine.example', 'ada-password'])
  const browser = createBrowser({ fetch: (input, init) => fetch(input, init) })
  const signInUrl = (await until('open ')).trim().slice('open '.length)
  const page = await (await browser.go(signInUrl)).press('Next', { username: users[0]! })
  const { location } = await page.press('Sign in', { password: users[1]! })
  const back = await browser.go(location!)
  expect([back.status, back.html]).toEqual([200, expect.stringContaining('You are signed in')])
  const code = new URL(location!).searchParams.get('code')!
  const curl = (await until('curl ')).trim().split(' ')
  const fields = curl.filter((_, index) => curl[index - 1] === '-d').join('&')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(curl[1]!, { method: 'POST', headers, body: fields })
  expect(response.status).toBe(200)
  expect(seen.join('\n')).toContain('(mine.example)')
  seen.length = 0 // the users and the secrets are said before this line
  expect(await until('/common/login')).toContain('200  POST')
  expect(await until('/?code=')).toContain('code=%3Credacted%3E')
  expect(await until('/oauth2/v2.0/token')).toMatch(/^200 {2}POST {2}\/[0-9a-f-]{36}\/oauth2\/v2\.0\/token {2}\d+ ms$/)
  for (const secret of ['emulator-secret', 'ada-password', code]) expect(seen.join('\n')).not.toContain(secret)

  const closed = once(child, 'close')
  child.kill(signal)
  expect(await closed).toEqual([0, null])
})

test('--quiet prints the address only', async () => {
  const child = start('--port', '0', '--quiet')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  expect(line).toMatch(/^http:\/\/localhost:\d+$/)
  expect((await fetch(`${line}/contoso.com/v2.0/.well-known/openid-configuration`)).status).toBe(200)

  const taken = await run('--port', new URL(line).port)
  expect(taken).toMatchObject({ status: 1, stderr: expect.stringContaining('Cannot listen on port') })
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
})
