import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('cli-cache: runs share an encrypted file', { timeout: 90_000 }, () => {
  const { status, stdout } = spawnSync('pnpm', ['run', 'cli-cache'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: 60_000,
  })
  expect(stdout).toMatch(/first run:\ntokens are in .*tokens\.cache, protected by: key\ntoken from identity_provider/)
  expect(stdout.match(/token from cache/g)).toHaveLength(4)
  expect(stdout).toContain('the file begins with: LATCHKEY')
  expect(stdout).toContain('token requests: 1')
  expect(stdout).not.toContain('eyJ')
  expect(status).toBe(0)
})
