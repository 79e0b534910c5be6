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

  test('command line: a person signs in with a browser, and with a device code', { timeout: 90_000 }, () => {
    const { status, output } = run('command-line')
    const signedIn = 'signed in as ada@contoso.com\nthe API answered 200\nthe next token comes from cache'
    expect(output).toContain('Open this page: http://127.0.0.1:')
    expect(output).toMatch(/the browser shows: .*[Ss]igned in/)
    expect(output.split(signedIn)).toHaveLength(3)
    expect(output).toMatch(/enter the code/)
    expect(output).not.toContain('eyJ')
    expect(status).toBe(0)
  })

  test('web app: signs in, stays signed in, and asks on behalf of its caller', { timeout: 90_000 }, () => {
    const { status, output } = run('web-app')
    expect(output).toContain('back from the sign-in page: 302 to /')
    expect(output).toContain('home: Hello ada@contoso.com; a token from cache; the API answered 200')
    expect(output).toContain('the answer once more: The sign-in failed: state_mismatch')
    expect(output).toContain(
      'first call of the API: On behalf of ada@contoso.com; a token from identity_provider; the API answered 200',
    )
    expect(output).toContain(
      'second call of the API: On behalf of ada@contoso.com; a token from cache; the API answered 200',
    )
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
