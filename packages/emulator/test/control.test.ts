import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'
import { authUri, post, redirectUri } from './userFlow.js'

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

test('another process can act for users, and add some', async () => {
  const emulator = createEmulator({ signingKey })
  const { username, publicClientId: clientId, tenantId } = emulator.defaults
  const send = async (action: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await emulator.fetch(`${base}/${action}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, body: text && (JSON.parse(text) as Record<string, unknown>) }
  }
  expect(await send('sign-in', { authUri: authUri(emulator), username })).toEqual({
    status: 201,
    body: { redirectUri, response: expect.objectContaining({ code: expect.any(String) }) },
  })
  expect(await send('sign-in', { authUri: authUri(emulator), username, password: 'x' })).toEqual({
    status: 400,
    body: { error: expect.stringContaining('AADSTS50126') },
  })
  expect(await send('refresh-token', { username, clientId, scope: 'User.Read' })).toEqual({
    status: 201,
    body: { refreshToken: expect.any(String) },
  })
  const { body } = await post(emulator, { scope: 'openid' }, { endpoint: 'devicecode' })
  expect(await send('approve-device', { userCode: body.user_code, username })).toEqual({ status: 204, body: '' })
  expect(await send('decline-device', { userCode: body.user_code })).toMatchObject({ status: 400 })
  expect(await send('revoke-sessions', { username })).toEqual({ status: 204, body: '' })
  const added = { id: 'added', tenantId, username: 'new@contoso.com', password: 'p' }
  expect(await send('users', added)).toEqual({ status: 204, body: '' })
  expect(await send('tenants', { id: 't1' })).toEqual({ status: 204, body: '' })
  const redirectUris = { spa: ['http://localhost:9/'] }
  expect(await send('apps', { clientId: 'app-1', tenantId, redirectUris })).toEqual({ status: 204, body: '' })
  expect(emulator.directory.findUser('new@contoso.com')).toMatchObject(added)
  for (const [action, wrong] of [
    ['users', {}],
    ['users', []],
    ['users', { ...added, username: 7 }],
    ['apps', { clientId: 'x' }],
    ['sign-in', {}],
    ['sign-in', { authUri: 7, username }],
    ['refresh-token', { username }],
    ['approve-device', { username }],
    ['revoke-sessions', {}],
  ] as const) {
    expect(await send(action, wrong)).toEqual({ status: 400, body: { error: expect.stringMatching(/^Cannot /) } })
  }
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

test('a name that was made to point to this machine may not call', async () => {
  const emulator = createEmulator({ signingKey })
  expect((await emulator.fetch('http://rebound.example/.emulator/requests')).status).toBe(403)
  expect((await emulator.fetch('http://127.0.0.1:8400/.emulator/requests')).status).toBe(200)
})

test('other paths are not there', async () => {
  const emulator = createEmulator({ signingKey })
  expect((await emulator.fetch(`${base}/other`)).status).toBe(404)
  expect((await emulator.fetch(`${base}/faults`, { method: 'PUT' })).status).toBe(404)
})
