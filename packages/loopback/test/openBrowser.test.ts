import { isAuthError } from '@latchkey/core'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { browserCommands } from '../src/browserCommands.js'
import { openSystemBrowser } from '../src/openSystemBrowser.js'
import { bundle } from './fixtures/bundle.js'
import { postForm } from './fixtures/http.js'
import { startSignIn } from './fixtures/signIn.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-browser-'))
const program = join(folder, 'defaultBrowser.mjs')
const emptyPath = join(folder, 'empty')
const node = process.execPath
const browser = fileURLToPath(new URL('fixtures/browser.mjs', import.meta.url))

beforeAll(async () => {
  mkdirSync(emptyPath)
  await bundle('defaultBrowser.ts', program)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Printed {
  response?: Record<string, string>
  code?: string
  message?: string
  cause?: string
}

async function run(env: Record<string, string>, ...args: string[]): Promise<Printed> {
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 25_000 }
  const { stdout } = await promisify(execFile)(node, ['--unhandled-rejections=strict', program, ...args], options)
  return JSON.parse(stdout) as Printed
}

/** Checks that the browser was given the whole address as one word, and that no shell looked at it. */
function expectSignedIn({ response }: Printed): void {
  expect(response?.['state']).toBe('one')
  expect(response?.['code']).toContain('&state=one&x="$(touch pwned)";`touch pwned`|\'%s')
  expect(existsSync(join(folder, 'pwned'))).toBe(false)
}

describe('BROWSER', () => {
  test('names the browser', async () => {
    expectSignedIn(await run({ BROWSER: `"${node}" "${browser}"` }))
  })

  test('says where the address goes, and which browsers to try', async () => {
    expectSignedIn(await run({ BROWSER: [join(folder, 'no-browser'), `"${node}" "${browser}" %s &`].join(delimiter) }))
  })

  test('a browser that ends with an error is no browser', async () => {
    expectSignedIn(await run({ BROWSER: [`"${node}" -e "process.exit(3)"`, `"${node}" "${browser}"`].join(delimiter) }))
  })

  test('the variables can be given', async () => {
    // What the harness gives as openBrowser counts for nothing here.
    const { loopback } = await import('@latchkey/loopback')
    const interaction = loopback({ env: { BROWSER: `"${node}" "${browser}"` } })
    expect(await (await startSignIn({ interaction })).result).toMatchObject({
      code: expect.stringContaining('https://'),
    })
  })
})

test('no browser is tried once the sign-in is over', async () => {
  const marker = join(folder, 'opened')
  const BROWSER = `"${node}" -e "fs.writeFileSync(process.argv[1], '')" "${marker}"`
  await openSystemBrowser('https://login.example', AbortSignal.abort(), { BROWSER })
  expect(existsSync(marker)).toBe(false)
  await openSystemBrowser('https://login.example', new AbortController().signal, { BROWSER })
  expect(existsSync(marker)).toBe(true)
})

// Elsewhere a real browser would open.
const linux = process.platform === 'linux'
describe.skipIf(!linux)(linux ? 'the system’s choice' : 'the system’s choice (needs Linux)', () => {
  /** Anything that BROWSER names turns the preference for Edge off. */
  const BROWSER = join(folder, 'no-browser')

  function path(script: string): string {
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, 'xdg-open'), 0o755)
    return bin
  }

  test('is taken where BROWSER names none that starts', async () => {
    expectSignedIn(await run({ BROWSER, PATH: path(`exec '${node}' '${browser}' "$1"`) }))
  })

  test.each([
    ['it is not there', () => emptyPath],
    ['it fails', () => path('exit 3')],
    ['it is killed', () => path('kill -9 $$')],
  ])('an error says what to do when %s', async (_, find) => {
    const { code, message, cause } = await run({ BROWSER, PATH: find() })
    expect(code).toBe('missing_dependency')
    expect(message).toMatch(/^Cannot open a browser: .*BROWSER.*authUriCallback.*device flow$/)
    expect(cause).toMatch(/no-browser ENOENT; .*xdg-open/)
    expect(cause).not.toContain('login.example')
  })

  test('whoever is told the address can show it', async () => {
    expect(await run({ BROWSER, PATH: emptyPath }, 'callback')).toEqual({ message: 'the address was shown' })
  })
})

describe('the list of browsers', () => {
  const url = 'https://login.example/?a=$&&b=%s'
  const edge = ['/usr/bin/microsoft-edge', url]
  const commands = (BROWSER: string | undefined, platform = 'linux', ...files: string[]): unknown =>
    browserCommands(url, { BROWSER }, platform, (path) => files.includes(path))
  const list = (...browsers: string[]): string => browsers.join(delimiter)

  test.each([
    ['nothing is set', undefined, []],
    ['BROWSER is empty', '', []],
    ['BROWSER is nothing but separators', list('', ' ', ''), []],
    ['BROWSER is a name', 'firefox', [['firefox', url]]],
    [
      'BROWSER is a list',
      list('a', 'b'),
      [
        ['a', url],
        ['b', url],
      ],
    ],
    ['BROWSER has arguments', 'a --new "b c" \'d\'', [['a', '--new', 'b c', 'd', url]]],
    ['BROWSER has a place for the address', 'a --app=%s -x', [['a', `--app=${url}`, '-x']]],
    ['BROWSER asks for the background', 'a %s &', [['a', url]]],
    ['BROWSER is only an ampersand', '&', []],
  ])('%s', (_, BROWSER, expected) => {
    expect(commands(BROWSER)).toEqual(expected)
  })

  test('a path may have spaces in it', () => {
    expect(commands('/opt/my browser', 'linux', '/opt/my browser')).toEqual([['/opt/my browser', url]])
  })

  test('Edge comes first on Linux, unless BROWSER asks for others', () => {
    const edgePath = '/usr/bin/microsoft-edge'
    expect(commands(undefined, 'linux', edgePath)).toEqual([edge])
    expect(commands('microsoft-edge-dev', 'linux', edgePath)).toEqual([edge, ['microsoft-edge-dev', url]])
    expect(commands('firefox', 'linux', edgePath)).toEqual([['firefox', url]])
    expect(commands(undefined, 'darwin', edgePath)).toEqual([])
    expect(commands(undefined, 'linux')).toEqual([])
  })
})

describe('openBrowser', () => {
  test('is called after onBeforeLaunchingUi, which is awaited', async () => {
    const calls: unknown[] = []
    const { result, redirectUri, state, opened } = await startSignIn({
      async onBeforeLaunchingUi(...args) {
        await new Promise(setImmediate)
        calls.push(args)
      },
      openBrowser: () => calls.push('opened'),
    })
    await opened
    expect(calls).toEqual([[{ ui: 'browser' }], 'opened'])
    await postForm(redirectUri, { code: 'c', state })
    await result
  })

  test('an error of onBeforeLaunchingUi is the sign-in’s', async () => {
    const error = new Error('not now')
    const openBrowser = vi.fn()
    const onBeforeLaunchingUi = (): never => {
      throw error
    }
    await expect((await startSignIn({ onBeforeLaunchingUi, openBrowser })).result).rejects.toBe(error)
    expect(openBrowser).not.toHaveBeenCalled()
  })

  test.each([
    [
      'throws',
      (): never => {
        throw new Error('none here')
      },
    ],
    ['rejects', () => Promise.reject(new Error('none here'))],
  ])('when it %s, there is no browser', async (_, openBrowser) => {
    const error = await (await startSignIn({ openBrowser })).result.catch((error: unknown) => error)
    expect(isAuthError(error) && error.code).toBe('missing_dependency')
    expect(error).toMatchObject({ cause: { message: 'none here' } })
  })

  test('when it rejects, the address is shown and the waiting goes on', async () => {
    const authUriCallback = vi.fn()
    const { result, redirectUri, state } = await startSignIn({
      openBrowser: () => Promise.reject(new Error('none here')),
      authUriCallback,
    })
    await vi.waitUntil(() => authUriCallback.mock.calls.length > 0, { timeout: 25_000 })
    expect(authUriCallback.mock.calls).toEqual([[expect.stringMatching(/^https:\/\/login\.example\/authorize\?/)]])
    await postForm(redirectUri, { code: 'c', state })
    expect(await result).toMatchObject({ code: 'c' })
  })

  test('an error of authUriCallback is the sign-in’s', async () => {
    const error = new Error('no terminal')
    const { result } = await startSignIn({
      openBrowser: () => Promise.reject(new Error('none here')),
      authUriCallback: () => Promise.reject(error),
    })
    await expect(result).rejects.toBe(error)
  })

  test('what it does after the answer changes nothing', async () => {
    let close!: (error: Error) => void
    const authUriCallback = vi.fn()
    const openBrowser = (): Promise<never> => new Promise((_, reject) => (close = reject))
    const exchange = (): void => close(new Error('closed'))
    const { result, redirectUri, state } = await startSignIn({ openBrowser, authUriCallback, exchange })
    expect((await postForm(redirectUri, { code: 'c', state })).status).toBe(200)
    await result
    expect(authUriCallback).not.toHaveBeenCalled()
  })
})
