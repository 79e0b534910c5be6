import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

test('sign-ins that are given up leave no rejection without a handler, and no timer', async () => {
  const { outputFiles } = await build({
    entryPoints: [path('./fixtures/abandonedProgram.ts')],
    alias: { '@latchkey/core': path('../src/index.ts') },
    ...{ bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'silent' },
  })
  const child = spawn(process.execPath, ['--unhandled-rejections=strict', '--input-type=module', '-'])
  child.stdin.end(outputFiles[0]!.text)
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  // The process ends by itself: nothing that was given up goes on.
  expect({ lines: stdout.trim().split('\n'), stderr, status }).toEqual({
    lines: [
      'aborted before: user_cancelled',
      'aborted while discovering: user_cancelled',
      'aborted while asking: user_cancelled',
      'aborted while waiting: user_cancelled',
      'given up: user_cancelled',
      'over: expired',
      'declined: access_denied',
      'nonsense: invalid_response',
      'broken: expired',
      'aborted while starting: user_cancelled',
      'silent, aborted: user_cancelled',
      'silent, refused: invalid_grant',
      'interactive, aborted: user_cancelled',
    ],
    stderr: '',
    status: 0,
  })
})
