import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Runs a script of the examples as a person does. */
function run(script: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('pnpm', ['run', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: 60_000,
  })
  return { status, output: stdout + stderr }
}

/** Why workerd cannot run here; nothing where it can. */
function workerdIsMissing(): string | undefined {
  try {
    const { error } = spawnSync(createRequire(import.meta.url)('workerd').default, ['--version'])
    return error?.message
  } catch (error) {
    return (error as Error).message
  }
}

describe('examples', () => {
  test('daemon: the second run finds its token in the file', { timeout: 90_000 }, () => {
    const { status, output } = run('daemon')
    expect(output).toMatch(/first run:\ntoken from identity_provider.*\nthe API answered 200/)
    expect(output).toMatch(/second run:\ntoken from cache.*\nthe API answered 200/)
    if (process.platform !== 'win32') expect(output).toContain("the cache file's mode: 600")
    expect(output).toContain('token requests: 1')
    expect(output).not.toContain('eyJ')
    expect(status).toBe(0)
  })

  test('certificate: PEM and PFX give a token, by the same key', { timeout: 90_000 }, () => {
    const { status, output } = run('certificate')
    const shown = /(\w+\.(?:pem|pfx)):\nassertion header: (.*)\ntoken good until .*\nthe API answered 200/g
    const [pem, pfx] = [...output.matchAll(shown)]
    expect([pem?.[1], pfx?.[1]]).toEqual(['app.pem', 'app.pfx'])
    const header = JSON.parse(pem?.[2] ?? '{}') as Record<string, unknown>
    expect(header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
    expect(JSON.parse(pfx?.[2] ?? '{}')).toEqual(header)
    expect(output).not.toContain('eyJ')
    expect(status).toBe(0)
  })

  test(
    'edge function: runs in workerd, and the second call finds its token in memory',
    { timeout: 90_000 },
    (context) => {
      const reason = workerdIsMissing()
      if (reason) {
        console.log(`skipped, workerd does not run here: ${reason}`)
        context.skip(reason)
      }
      const { status, output } = run('edge')
      expect(output).toMatch(/bundle: \d+ bytes minified, \d+ with brotli/)
      expect(output).toContain('first call: 200, token from identity_provider')
      expect(output).toContain('second call: 200, token from cache')
      expect(output).toContain('an app token with the roles User.Read.All')
      expect(output).toContain('token requests: 1')
      expect(status).toBe(0)
    },
  )
})
