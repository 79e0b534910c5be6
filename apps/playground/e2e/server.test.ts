import { expect, test } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startPlayground } from './startPlayground.ts'

const program = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

test('prints the claims of a first token, no whole token, and the address last', async () => {
  await using playground = await startPlayground()
  const { output, url } = playground
  expect(output.trimEnd().split('\n').at(-1)).toBe(url)
  const claims = JSON.parse(output.slice(output.indexOf('{'), output.indexOf('\n}') + 2)) as Record<string, unknown>
  expect(claims).toMatchObject({ aud: '00000003-0000-0000-c000-000000000000', roles: ['User.Read.All'], idtyp: 'app' })
  expect(output).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]/)
})

test('ends cleanly on Ctrl-C, with a connection open', async () => {
  await using playground = await startPlayground()
  await (await fetch(playground.url)).text()
  const ended = once(playground.child, 'exit')
  playground.child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})

test('refuses a port that is taken, and takes the next one only where none was asked for', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { status, stderr } = spawnSync(process.execPath, [program, '--port', String(port)], { encoding: 'utf8' })
  taken.close()
  expect(stderr).toContain(`Cannot listen on port ${port}: EADDRINUSE`)
  expect(status).toBe(1)

  await using first = await startPlayground([])
  await using second = await startPlayground([])
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(new URL(first.url).port))
})

test('explains itself, and wrong options', () => {
  const help = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
  expect(help.stdout).toContain('--port N')
  expect(help.status).toBe(0)
  for (const args of [['--port', '70000'], ['--port', 'x'], ['--colour']]) {
    const wrong = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
    expect(wrong.stderr).toContain('See --help')
    expect(wrong.status).toBe(1)
  }
})

test('is an authority for other programs of this machine', async () => {
  await using playground = await startPlayground()
  const configuration = await fetch(`${playground.url}contoso.com/v2.0/.well-known/openid-configuration`)
  const { token_endpoint } = (await configuration.json()) as { token_endpoint: string }
  expect(new URL(token_endpoint).origin).toBe(new URL(playground.url).origin)
})
