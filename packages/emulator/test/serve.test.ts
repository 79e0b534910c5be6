import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEmulator, serve, type ServedEmulator } from '@latchkey/emulator'

const emulator = createEmulator()
let served: ServedEmulator
beforeAll(async () => {
  served = await serve(emulator)
})
afterAll(() => served.close())
beforeEach(() => {
  emulator.faults.clear()
  emulator.clearRequests()
})

function requestToken(init: RequestInit = {}): Promise<Response> {
  const { tenantId, clientId, clientSecret, scope } = emulator.defaults
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }
  const body = new URLSearchParams(form)
  return fetch(`${served.url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body, ...init })
}

/** Sends bytes as they are, and resolves to what came back. */
async function sendRaw(lines: string[]): Promise<string> {
  const socket = connect(served.port, '127.0.0.1')
  socket.end(`${lines.join('\r\n')}\r\n\r\n`)
  return text(socket)
}

test('a token comes over a socket, issued by the address that it came from', async () => {
  expect(served.url).toBe(`http://127.0.0.1:${served.port}`)
  const response = await requestToken()
  expect(response.status).toBe(200)
  const { access_token } = (await response.json()) as { access_token: string }
  const answer = await fetch(`${served.url}/resource`, { headers: { authorization: `Bearer ${access_token}` } })
  const { claims } = (await answer.json()) as { claims: { iss: string } }
  expect(claims.iss).toBe(`${served.url}/${emulator.defaults.tenantId}/v2.0`)
})

test('a reset breaks the connection', async () => {
  emulator.faults.add({ kind: 'reset' })
  await expect(requestToken()).rejects.toThrow(TypeError)
})

test('a truncated answer ends in the middle', async () => {
  emulator.faults.add({ kind: 'truncated' })
  const response = await requestToken()
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow(TypeError)
})

test('a stalled answer ends when the client gives up, and the emulator notices', async () => {
  emulator.faults.add({ kind: 'stall' })
  const controller = new AbortController()
  const response = await requestToken({ signal: controller.signal })
  const reader = response.body!.getReader()
  await reader.read()
  controller.abort(new Error('enough'))
  await expect(reader.read()).rejects.toThrow('enough')
})

test('a slow answer that nobody waits for ends as broken', async () => {
  emulator.faults.add({ kind: 'slow', delay: 2 ** 31 - 1 })
  const controller = new AbortController()
  const pending = requestToken({ signal: controller.signal })
  await expect.poll(() => emulator.requests.length).toBe(1)
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
  await expect.poll(() => emulator.requests[0]!.status).toBe(0)
})

test('redirects, statuses and long answers pass unchanged', async () => {
  emulator.faults.add({ kind: 'redirect', status: 307, times: 1 })
  const redirect = await requestToken({ redirect: 'manual' })
  expect([redirect.status, redirect.headers.get('location')]).toEqual([307, 'https://redirected.example/'])
  emulator.faults.add({ status: 429, retryAfter: 3, times: 1 })
  expect((await requestToken()).headers.get('retry-after')).toBe('3')
  emulator.faults.add({ kind: 'huge', megabytes: 8, times: 1 })
  expect((await (await requestToken()).text()).length).toBeGreaterThan(8 * 1024 * 1024)
  emulator.faults.add({ kind: 'huge', megabytes: 4096, times: 1 })
  await (await requestToken()).body!.cancel()
  expect((await requestToken()).status).toBe(200)
})

test('a large upload is refused with an answer', async () => {
  const response = await requestToken({ body: 'x'.repeat(8 * 1024 * 1024) })
  expect(response.status).toBe(413)
  expect((await requestToken()).status).toBe(200)
})

test.each([
  ['absolute-form', ['GET http://evil.example/common HTTP/1.1', 'Host: localhost'], '400'],
  ['asterisk-form', ['OPTIONS * HTTP/1.1', 'Host: localhost'], '400'],
  ['a host that is none', ['GET /x HTTP/1.1', 'Host: a b'], '400'],
  ['no host', ['GET /x HTTP/1.0'], '404'],
])('%s', async (_, lines, status) => {
  expect(await sendRaw([...lines, 'Connection: close'])).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('close ends open connections', async () => {
  const other = await serve(emulator, { hostname: 'localhost' })
  expect(other.url).toBe(`http://localhost:${other.port}`)
  emulator.faults.add({ kind: 'stall' })
  const response = await fetch(`http://127.0.0.1:${other.port}/common/discovery/keys`)
  await other.close()
  await expect(response.text()).rejects.toThrow(TypeError)
  await expect(fetch(`http://127.0.0.1:${other.port}/`)).rejects.toThrow(TypeError)
})

test('a taken port rejects, and wrong options are TypeErrors', async () => {
  await expect(serve(emulator, { port: served.port })).rejects.toThrow('EADDRINUSE')
  for (const port of [-1, 1.5, 65_536, Number.NaN]) await expect(serve(emulator, { port })).rejects.toThrow(TypeError)
  await expect(serve(emulator, { hostname: '0.0.0.0' as 'localhost' })).rejects.toThrow(TypeError)
})
