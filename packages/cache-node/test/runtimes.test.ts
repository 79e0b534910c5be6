import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findDeno } from '../../../tools/portable/deno.ts'
import { folderOf } from '../../../tools/portable/folderOf.ts'
import { findNode20 } from '../../../tools/portable/node20.ts'
import { bundleProgram } from './fixtures/runWriter.js'
import { skipWith } from './fixtures/mountTmpfs.js'

let folder: string
let program: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-runtimes-'))
  program = await bundleProgram('contractProgram.ts', folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const runtimes: [name: string, find: () => string | Promise<string>, args: string[]][] = [
  ['Node 20', findNode20, []],
  ['Deno', findDeno, ['run', '--no-prompt', '--no-config', '--no-lock', '--allow-all']],
  ['Bun', () => join(folderOf('bun'), 'bin/bun.exe'), ['--no-install']],
]
test.for(runtimes)('the contract holds in %s', { timeout: 120_000 }, async ([, find, args], { skip }) => {
  const runtime = await (async () => find())().catch((error: Error) => skipWith(skip, error.message))
  if (spawnSync(runtime, ['--version']).status !== 0) skipWith(skip, `${runtime} does not start here`)
  const { stdout, stderr } = spawnSync(runtime, [...args, program], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ passed: 64, skipped: 5, failed: [] })
})
