import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey, type Fault, type RecordedRequest } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const signingKey = generateSigningKey()
const create = () => createEmulator({ signingKey })

/** Resolves to what an emulator with that fault answers to a token request. */
async function answerWith(fault: Fault, init: RequestInit = {}): Promise<Response> {
  const emulator = create()
  emulator.faults.add(fault)
  return requestToken(emulator, {}, { init })
}

test.each([
  [429, 'temporarily_unavailable', 90055],
  [500, 'temporarily_unavailable', 90033],
  [503, 'temporarily_unavailable', 90033],
])('status %d has Entra’s error body', async (status, error, number) => {
  const response = await answerWith({ status })
  expect(response.status).toBe(status)
  expect(response.headers.get('retry-after')).toBeNull()
  expect(await response.json()).toMatchObject({ error, error_codes: [number] })
})

test('a status can have Retry-After in seconds or as a date, and a body of its own', async () => {
  expect((await answerWith({ status: 429, retryAfter: 7 })).headers.get('retry-after')).toBe('7')
  const date = 'Thu, 02 Jan 2031 03:04:05 GMT'
  const response = await answerWith({ kind: 'status', status: 503, retryAfter: date, body: 'busy' })
  expect(response.headers.get('retry-after')).toBe(date)
  expect(await response.text()).toBe('busy')
  expect(await (await answerWith({ status: 204 })).text()).toBe('')
})

test('a slow answer is the true one, and an abort ends the wait', async () => {
  expect((await answerWith({ kind: 'slow', delay: 1 })).status).toBe(200)
  const controller = new AbortController()
  const pending = answerWith({ kind: 'slow', delay: 2 ** 31 - 1 }, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
})

test('an abort before the wait begins leaves nothing running', async () => {
  const controller = new AbortController()
  const ended = new Promise<RecordedRequest>((onRequest) => {
    const emulator = createEmulator({ signingKey, onRequest })
    emulator.faults.add({ kind: 'slow', delay: 2 ** 31 - 1 })
    requestToken(emulator, {}, { init: { signal: controller.signal } }).catch(() => {})
  })
  controller.abort()
  expect((await ended).status).toBe(0)
})

test('a reset rejects as fetch does', async () => {
  await expect(answerWith({ kind: 'reset' })).rejects.toThrow(TypeError)
})

test('a truncated answer breaks after half of its body', async () => {
  const response = await answerWith({ kind: 'truncated' })
  expect(response.status).toBe(200)
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).toMatch(/^\{"token_type"/)
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(value!.length)
  await expect(reader.read()).rejects.toThrow(TypeError)
  await expect((await answerWith({ kind: 'truncated' })).json()).rejects.toThrow(TypeError)
})

test('a stalled answer stands still until the signal aborts', async () => {
  const controller = new AbortController()
  const response = await answerWith({ kind: 'stall' }, { signal: controller.signal })
  const reader = response.body!.getReader()
  expect((await reader.read()).value!.length).toBeGreaterThan(0)
  const pending = reader.read()
  controller.abort(new Error('enough'))
  await expect(pending).rejects.toThrow('enough')
})

test('wrong JSON, HTML, an empty body and a wrong content type', async () => {
  const broken = await answerWith({ kind: 'wrong-json' })
  expect(broken.headers.get('content-type')).toContain('application/json')
  await expect(broken.json()).rejects.toThrow(SyntaxError)
  expect(await (await answerWith({ kind: 'wrong-json', body: '[]' })).json()).toEqual([])

  const html = await answerWith({ kind: 'html', status: 502 })
  expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
  expect(await html.text()).toContain('<!DOCTYPE html>')

  const empty = await answerWith({ kind: 'empty' })
  expect([empty.status, await empty.text()]).toEqual([200, ''])

  const plain = await answerWith({ kind: 'wrong-content-type' })
  expect(plain.headers.get('content-type')).toBe('text/plain')
  expect(await plain.json()).toMatchObject({ token_type: 'Bearer' })
})

test('a redirect is returned, refused or followed, as fetch’s redirect mode says', async () => {
  const returned = await answerWith({ kind: 'redirect' }, { redirect: 'manual' })
  expect([returned.status, returned.headers.get('location')]).toEqual([302, 'https://redirected.example/'])
  await expect(answerWith({ kind: 'redirect' }, { redirect: 'error' })).rejects.toThrow(TypeError)

  const location = '/contoso.com/oauth2/v2.0/token'
  const emulator = create()
  emulator.faults.add({ kind: 'redirect', status: 307, location, times: 1 })
  expect((await requestToken(emulator)).status).toBe(200)
  emulator.faults.add({ kind: 'redirect', status: 302, location, times: 1 })
  expect((await requestToken(emulator)).status).toBe(405)
  expect(emulator.requests.map(({ method, status }) => [method, status])).toEqual([
    ['POST', 307],
    ['POST', 200],
    ['POST', 302],
    ['GET', 405],
  ])
  await expect(answerWith({ kind: 'redirect' })).rejects.toThrow(TypeError)
})

test('a huge answer is made while it is read', async () => {
  const response = await answerWith({ kind: 'huge', megabytes: 4096 })
  const reader = response.body!.getReader()
  let size = 0
  while (size < 1024 * 1024) size += (await reader.read()).value!.length
  await reader.cancel()
  const whole = await answerWith({ kind: 'huge', megabytes: 1 })
  const { access_token } = (await whole.json()) as { access_token: string }
  expect(access_token).toHaveLength(1024 * 1024)
})

test('deep JSON nests as told', async () => {
  expect(await (await answerWith({ kind: 'deep-json', depth: 3 })).text()).toBe('[[[]]]')
  expect(await (await answerWith({ kind: 'deep-json' })).text()).toHaveLength(200_000)
})

test.each([600, -600])('a clock %d seconds off shows in tokens and in the date', async (seconds) => {
  const now = Date.UTC(2030, 0, 1)
  const emulator = createEmulator({ signingKey, now: () => now })
  emulator.faults.add({ kind: 'clock-skew', seconds })
  const response = await requestToken(emulator)
  const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number }
  expect(decodeJwt(access_token).iat).toBe(now / 1000 + seconds)
  expect(expires_in).toBe(3599)
  expect(response.headers.get('date')).toBe(new Date(now + seconds * 1000).toUTCString())
})

test('a fault hits what it matches, as often as told, oldest first', async () => {
  const emulator = create()
  const { authority, clientId } = emulator.defaults
  emulator.faults.add({ match: '/oauth2/v2.0/token', times: 2, status: 500 })
  emulator.faults.add({
    match: (request, form) => request.method === 'POST' && form.get('client_id') === clientId,
    status: 503,
  })
  expect((await emulator.fetch(`${authority}/v2.0/.well-known/openid-configuration`)).status).toBe(200)
  const statuses = [await requestToken(emulator), await requestToken(emulator), await requestToken(emulator)]
  expect(statuses.map(({ status }) => status)).toEqual([500, 500, 503])
  expect((await requestToken(emulator, { client_id: 'other' })).status).toBe(400)
  expect(emulator.requests.map(({ fault }) => fault)).toEqual([undefined, 'status', 'status', 'status', undefined])
})

test('faults can be listed, removed and cleared', async () => {
  const emulator = create()
  const id = emulator.faults.add({ status: 500, times: 3 })
  await requestToken(emulator)
  expect(emulator.faults.list()).toEqual([{ id, fault: { status: 500, times: 3 }, remaining: 2 }])
  expect([emulator.faults.remove(id), emulator.faults.remove(id)]).toEqual([true, false])
  emulator.faults.add({ kind: 'reset' })
  emulator.faults.clear()
  expect((await requestToken(emulator)).status).toBe(200)
})

test.each([
  [null, 'must be an object'],
  [{}, 'status must be a number from 200 to 599'],
  [{ status: 99 }, 'status must be'],
  [{ status: '429' }, 'status must be'],
  [{ kind: 'toString' }, 'kind must be one of status, slow'],
  [{ kind: 'slow' }, 'delay must be'],
  [{ kind: 'slow', delay: Number.NaN }, 'delay must be'],
  [{ kind: 'reset', times: 0 }, 'times must be'],
  [{ kind: 'reset', match: 1 }, 'match must be'],
  [{ kind: 'html', status: 700 }, 'status must be'],
  [{ kind: 'redirect', location: 1 }, 'location must be'],
  [{ status: 429, retryAfter: {} }, 'retryAfter must be'],
])('what is not a fault is a TypeError: %j', (fault, message) => {
  const { faults } = create()
  expect(() => faults.add(fault as unknown as Fault)).toThrow(TypeError)
  expect(() => faults.add(fault as unknown as Fault)).toThrow(message)
  expect(faults.list()).toEqual([])
})
