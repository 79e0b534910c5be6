import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test(
  'managed identity: a token wherever there is an identity, and an app without a secret',
  { timeout: 90_000 },
  () => {
    const { status, stdout, stderr } = spawnSync('pnpm', ['run', 'managed-identity'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      shell: process.platform === 'win32',
      timeout: 60_000,
    })
    const output = stdout + stderr
    const token = 'token from identity_provider\nthe API answered 200\n'
    expect(output).toMatch(
      new RegExp(`in a virtual machine:\nimds: .*\n${token}the app has a Bearer token, and no secret`),
    )
    expect(output).toMatch(new RegExp(`in App Service, with a user-assigned identity:\nappService: .*\n${token}`))
    expect(output).toMatch(new RegExp(`in Machine Learning:\nmachineLearning: .*\n${token}`))
    expect(output).toMatch(/in somewhere else:\nimds: .*\nCannot find a managed identity here/)
    expect(output).not.toContain('eyJ')
    expect(status).toBe(0)
  },
)
