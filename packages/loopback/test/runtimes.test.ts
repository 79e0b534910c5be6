import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { findDeno } from '../../../tools/portable/deno.ts'
import { folderOf } from '../../../tools/portable/folderOf.ts'
import { findNode20 } from '../../../tools/portable/node20.ts'
import { Skipped } from '../../../tools/outcome.ts'
import { bundle } from './fixtures/bundle.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-loopback-'))
beforeAll(async () => {
  for (const name of ['program', 'defaultBrowser']) await bundle(`${name}.ts`, join(folder, `${name}.mjs`))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const strict = '--unhandled-rejections=strict'
const runtimes: [name: string, find: () => string | Promise<string>, args: string[]][] = [
  ['Node 24', () => process.execPath, [strict]],
  ['Node 20', findNode20, [strict]],
  [
    'Deno',
    findDeno,
    ['run', '--no-prompt', '--no-config', '--no-lock', '--allow-net', '--allow-run', '--allow-env', '--allow-read'],
  ],
  ['Bun', () => join(folderOf('bun'), 'bin/bun.exe'), ['--no-install']],
]

/** Runs a program to its end, or skips the test where there is no such runtime here. */
async function run(
  context: TestContext,
  [name, find, args]: (typeof runtimes)[number],
  program: string,
  variables: Record<string, string> = {},
): Promise<unknown> {
  let file: string
  try {
    file = await find()
  } catch (error) {
    if (!(error instanceof Skipped)) throw error
    console.log(`skipped, no ${name} here: ${error.message}`)
    return context.skip(error.message)
  }
  const options = { timeout: 60_000, env: { ...process.env, NO_COLOR: '1', ...variables } }
  const { stdout, stderr } = await promisify(execFile)(file, [...args, join(folder, program)], options)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const SLOW = { timeout: 120_000 }

test.for(runtimes)('signs in in %s, and the process ends by itself', SLOW, async (runtime, context) => {
  expect(await run(context, runtime, 'program.mjs')).toEqual({
    form: { page: 200, code: 'of a form' },
    query: { page: 200, code: 'of a query' },
    welcome: { page: 200, code: 'of a form' },
    stray: { page: [404, 400, 200], code: 'of a form' },
    failed: { page: 400, error: 'no token' },
    timeout: { error: 'timeout' },
    abort: { error: 'enough' },
    taken: 'network_error',
    unopened: { error: 'missing_dependency' },
  })
})

test.for(runtimes)('opens the first browser that there is from %s', SLOW, async (runtime, context) => {
  const browser = fileURLToPath(new URL('fixtures/browser.mjs', import.meta.url))
  const BROWSER = [join(folder, 'no-browser'), `"${process.execPath}" "${browser}"`].join(delimiter)
  const code = expect.stringMatching(/^https:\/\/login\.example\/authorize\?/) as unknown
  expect(await run(context, runtime, 'defaultBrowser.mjs', { BROWSER })).toEqual({ response: { code, state: 'one' } })
})
