import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('proof of possession: both kinds are taken, and a token alone is not', { timeout: 90_000 }, () => {
  const { status, stdout, stderr } = spawnSync('pnpm', ['run', 'proof-of-possession'], {
    ...{ cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
    shell: process.platform === 'win32',
  })
  const output = stdout + stderr
  const stolen = 'the same token without its key: 401'
  expect(output).toContain(`signed HTTP requests: a pop token from cache; the API answered 200\n${stolen}`)
  expect(output).toContain(`DPoP: a DPoP token from cache; the API answered 200\n${stolen}`)
  expect(output).not.toContain('eyJ')
  expect(status).toBe(0)
})
