import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exchange, isListening, open, postForm, readAll, request, statusOf } from './fixtures/http.js'
import { startSignIn, type SignInTest } from './fixtures/signIn.js'

let signIn: SignInTest
let settled: boolean

beforeEach(async () => {
  settled = false
  signIn = await startSignIn({ welcomeTemplate: '<p>$auth_uri $abort_uri</p>' })
  void signIn.result.then(
    () => (settled = true),
    () => (settled = true),
  )
  await signIn.opened
})

/** Whatever came before: the right answer is taken, and is the only one. */
afterEach(async () => {
  const { redirectUri, state, result, port } = signIn
  expect(settled).toBe(false)
  const page = await postForm(redirectUri, { code: 'the right one', state })
  expect(page.status).toBe(200)
  expect(await result).toEqual({ code: 'the right one', state })
  expect(await isListening(port)).toBe(false)
})

const FORM = 'application/x-www-form-urlencoded'

/** A form as a browser posts it, but for what the test changes. */
function form(body: string, headers: Record<string, string> = {}): string {
  const length = String(Buffer.byteLength(body))
  const usual = { Host: `localhost:${signIn.port}`, 'Content-Type': FORM, 'Content-Length': length }
  return request('POST /', { ...usual, ...headers }, body)
}

function get(target: string, headers: Record<string, string> = {}, method = 'GET'): string {
  return request(`${method} ${target}`, { Host: `localhost:${signIn.port}`, ...headers })
}

const right = (): string => `code=stray&state=${signIn.state}`

test.each<[string, number, () => string]>([
  ['a form with a wrong state', 400, () => form('code=stray&state=wrong')],
  ['a form with half the state', 400, () => form(`code=stray&state=${signIn.state.slice(0, 18)}`)],
  ['a form without a state', 400, () => form('code=stray')],
  ['an error without a state', 400, () => form('error=access_denied')],
  ['a form with neither code nor error', 400, () => form(`state=${signIn.state}`)],
  ['two states, one of them right', 400, () => form(`${right()}&state=other`)],
  ['two codes', 400, () => form(`${right()}&code=other`)],
  ['an empty form', 404, () => form('')],
  ['bytes that are no form', 404, () => form('%%%\u0000\u00ff=%zz&&&==')],
  ['another content type', 415, () => form(right(), { 'Content-Type': 'application/json' })],
  ['no content type', 415, () => form(right(), { 'Content-Type': '' })],
  ['a content type that only starts like it', 415, () => form(right(), { 'Content-Type': `${FORM}x` })],
  ['a query with a wrong state', 400, () => get('/?code=stray&state=wrong')],
  ['a query without a state', 400, () => get('/?code=stray')],
  ['an abort without a state', 400, () => get('/?error=abort')],
  ['nothing but the root', 404, () => get('/')],
  ['a favicon', 404, () => get('/favicon.ico')],
  ['another path', 404, () => get(`/other?${right()}`)],
  ['the right path in disguise', 404, () => get(`/%2F?${right()}`)],
  ['the path twice', 404, () => get(`//?${right()}`)],
  ['a whole address', 404, () => get(`http://localhost:${signIn.port}/?${right()}`)],
  ['HEAD', 405, () => get(`/?${right()}`, {}, 'HEAD')],
  ['OPTIONS', 405, () => get(`/?${right()}`, { Origin: 'https://evil.example' }, 'OPTIONS')],
  ['PUT', 405, () => get(`/?${right()}`, {}, 'PUT')],
  ['DELETE', 405, () => get(`/?${right()}`, {}, 'DELETE')],
  ['another host', 400, () => get(`/?${right()}`, { Host: `evil.example:${signIn.port}` })],
  ['another port', 400, () => get(`/?${right()}`, { Host: `localhost:${signIn.port - 1}` })],
  ['no port', 400, () => get(`/?${right()}`, { Host: 'localhost' })],
  ['a host that begins like ours', 400, () => get(`/?${right()}`, { Host: `localhost:${signIn.port}.evil.example` })],
  ['an empty host', 400, () => get(`/?${right()}`, { Host: '' })],
  ['no host', 400, () => `GET /?${right()} HTTP/1.1\r\n\r\n`],
  ['no host, in the days of HTTP/1.0', 400, () => `GET /?${right()} HTTP/1.0\r\n\r\n`],
  ['a script that fetches', 400, () => get(`/?${right()}`, { 'Sec-Fetch-Dest': 'empty' })],
  ['an image', 400, () => get(`/?${right()}`, { 'Sec-Fetch-Dest': 'image' })],
  ['a frame', 400, () => form(right(), { 'Sec-Fetch-Dest': 'iframe' })],
  ['a prefetch', 503, () => get(`/?${right()}`, { 'Sec-Fetch-Dest': 'document', 'Sec-Purpose': 'prefetch' })],
  ['a form that says it is too large', 413, () => form('code=stray', { 'Content-Length': '65537' })],
  ['headers that are too large', 431, () => get('/', { Cookie: 'x'.repeat(70_000) })],
  ['an address that is too long', 431, () => get(`/?${'x'.repeat(70_000)}`)],
  ['two lengths', 400, () => form(right(), { 'content-length': '1' })],
  ['a length and chunks', 400, () => form(right(), { 'Transfer-Encoding': 'chunked' })],
  ['TLS', 400, () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
])('%s is answered with %i, and the waiting goes on', async (_, status, bytes) => {
  const answer = await exchange(signIn.port, bytes())
  expect(statusOf(answer), answer).toBe(status)
  expect(answer).not.toContain(signIn.state)
  expect(answer).not.toContain('login.example')
})

test('a form that is larger than it should be is read no further than its limit', async () => {
  const head = { Host: `localhost:${signIn.port}`, 'Content-Type': FORM, 'Transfer-Encoding': 'chunked' }
  const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`
  const socket = await open(signIn.port, request('POST /', head) + chunk.repeat(17))
  // No end of the body is ever sent.
  expect(statusOf(await readAll(socket))).toBe(413)
})

test('an answer of 64 KiB fits in', async () => {
  const code = 'c'.repeat(60_000)
  const { redirectUri, state, result } = await startSignIn()
  expect((await postForm(redirectUri, { code, state })).status).toBe(200)
  expect(await result).toEqual({ code, state })
})

test('hundreds of stray requests at once end nothing', async () => {
  const kinds = [form('code=stray&state=wrong'), get('/favicon.ico'), get('/?code=stray&state=wrong'), get('/'), 'x']
  const strays = Array.from({ length: 300 }, (_, index) =>
    exchange(signIn.port, `${kinds[index % kinds.length]}\r\n\r\n`),
  )
  for (const answer of await Promise.all(strays)) expect([400, 404, NaN]).toContain(statusOf(answer))
})

test('connections that send nothing, or slowly, are cut, and are in nobody’s way meanwhile', async () => {
  const half = `POST / HTTP/1.1\r\nHost: localhost:${signIn.port}\r\n`
  const sockets = [await open(signIn.port), await open(signIn.port, half)]
  expect((await fetch(`${signIn.redirectUri}/`)).status).toBe(404)
  // By the listener's own limits: the sign-in goes on.
  for (const socket of sockets) expect(statusOf(await readAll(socket))).toBe(408)
})

test('no bytes whatever end the waiting or tell anything', async () => {
  const { port, state } = signIn
  const token = fc.string({ unit: 'binary-ascii', maxLength: 40 })
  const name = fc.constantFrom('code', 'error', 'state', 'id_token', '__proto__', 'constructor', 'a', '')
  // Anything but the state itself, which nobody knows.
  const value = fc.oneof(token, fc.constantFrom('', '\0', '%', state.slice(1), `${state} `))
  const query = fc
    .array(fc.tuple(name, value), { maxLength: 6 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${fc.stringify(value).slice(1, -1)}`).join('&'))
  const header = fc.tuple(
    fc.constantFrom(
      'Host',
      'Content-Type',
      'Content-Length',
      'Transfer-Encoding',
      'Expect',
      'Upgrade',
      'Connection',
      'X',
    ),
    fc.oneof(
      token,
      fc.constantFrom(`localhost:${port}`, FORM, 'chunked', '100-continue', 'websocket', 'upgrade', '-1', '5'),
    ),
  )
  const hostile = fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'HEAD', 'CONNECT', 'TRACE', 'PRI', 'get', ''),
      target: fc.oneof(
        query.map((query) => `/?${query}`),
        fc.constantFrom('/', '*', '/..', `localhost:${port}`, 'http://evil.example/'),
      ),
      version: fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''),
      headers: fc.array(header, { maxLength: 4 }),
      isHostRight: fc.boolean(),
      body: query,
      end: fc.constantFrom('\r\n', '\n', '\r', '\0'),
    })
    .map(({ method, target, version, headers, isHostRight, body, end }) => {
      const first = isHostRight ? [['Host', `localhost:${port}`] as const] : []
      const lines = [...first, ...headers].map(([name, value]) => `${name}: ${value}${end}`)
      return Buffer.from(`${method} ${target} ${version}${end}${lines.join('')}${end}${body}`, 'latin1')
    })
  const bytes = fc.oneof(
    { weight: 4, arbitrary: hostile },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (bytes) => {
      const socket = await open(port, bytes)
      socket.end() // what waits for more gets none
      const answer = await readAll(socket)
      expect(answer).not.toContain(state)
      expect(answer).not.toContain('login.example')
      expect(answer === '' || statusOf(answer) >= 400 || answer.startsWith('HTTP/1.1 100 ')).toBe(true)
      expect(settled).toBe(false)
    }),
    { numRuns: 400 },
  )
})
