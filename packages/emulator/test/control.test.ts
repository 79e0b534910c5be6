import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const signingKey = generateSigningKey()
const base = 'http://localhost:8400/.emulator'

test('another process can read the defaults and the log, and empty it', async () => {
  const emulator = createEmulator({ signingKey })
  expect(await (await emulator.fetch(base)).json()).toEqual({ defaults: emulator.defaults })
  await requestToken(emulator)
  const response = await emulator.fetch(`${base}/requests`)
  expect(await response.json()).toEqual({ requests: emulator.requests })
  expect(emulator.requests).toHaveLength(1)
  expect((await emulator.fetch(`${base}/requests`, { method: 'DELETE' })).status).toBe(204)
  expect(emulator.requests).toHaveLength(0)
})

test('another process can switch faults on and off, and faults do not hit the switch', async () => {
  const emulator = createEmulator({ signingKey })
  const add = await emulator.fetch(`${base}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 429, retryAfter: 2 }),
  })
  expect(add.status).toBe(201)
  const { id } = (await add.json()) as { id: number }
  expect(await (await emulator.fetch(`${base}/faults`)).json()).toEqual({
    faults: [{ id, fault: { status: 429, retryAfter: 2 }, remaining: null }],
  })
  expect((await requestToken(emulator)).status).toBe(429)
  expect((await emulator.fetch(`${base}/faults`, { method: 'DELETE' })).status).toBe(204)
  expect((await requestToken(emulator)).status).toBe(200)
})

test.each([
  ['text/plain', '{"status":500}', 415],
  ['application/json', '{', 400],
  ['application/json', 'null', 400],
  ['application/json', '{"kind":"none"}', 400],
])('a fault sent as %s with body %s is refused', async (contentType, body, status) => {
  const emulator = createEmulator({ signingKey })
  const init = { method: 'POST', headers: { 'content-type': contentType }, body }
  expect((await emulator.fetch(`${base}/faults`, init)).status).toBe(status)
  expect(emulator.faults.list()).toEqual([])
})

test('only pages of this machine may call', async () => {
  const emulator = createEmulator({ signingKey })
  const call = async (origin: string, method = 'GET') => {
    const response = await emulator.fetch(`${base}/requests`, { method, headers: { origin } })
    return [response.status, response.headers.get('access-control-allow-origin')]
  }
  expect(await call('http://localhost:5173')).toEqual([200, 'http://localhost:5173'])
  expect(await call('http://127.0.0.1:5173', 'OPTIONS')).toEqual([204, 'http://127.0.0.1:5173'])
  for (const origin of ['https://evil.example', 'https://localhost.evil.example', 'https://127.0.0.1.evil', 'null'])
    expect(await call(origin, 'DELETE')).toEqual([403, null])
})

test('other paths are not there', async () => {
  const emulator = createEmulator({ signingKey })
  expect((await emulator.fetch(`${base}/other`)).status).toBe(404)
  expect((await emulator.fetch(`${base}/faults`, { method: 'PUT' })).status).toBe(404)
})
