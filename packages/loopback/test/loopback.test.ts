import { AuthError } from '@latchkey/core'
import { loopback } from '@latchkey/loopback'
import { expect, test } from 'vitest'
import {
  exchange,
  formRequest,
  getQuery,
  isListening,
  open,
  postForm,
  readAll,
  request,
  statusOf,
} from './fixtures/http.js'
import { startSignIn } from './fixtures/signIn.js'

const forever = new Promise<never>(() => {})

test('opens the authorization request and takes the form that comes back', async () => {
  const { opened, result, redirectUri, state, port } = await startSignIn()
  expect(redirectUri).toBe(`http://localhost:${port}`)
  const url = new URL(await opened)
  expect(url.origin + url.pathname).toBe('https://login.example/authorize')
  expect(url.searchParams.get('redirect_uri')).toBe(redirectUri)
  expect(url.searchParams.get('response_mode')).toBe('form_post')

  const page = await postForm(redirectUri, { code: 'the-code', state, session_state: 'one' })
  expect(page.status).toBe(200)
  expect(page.url).toBe(`${redirectUri}/`)
  expect(await page.text()).toContain('You are signed in')
  expect(await result).toEqual({ code: 'the-code', state, session_state: 'one' })
  expect(await isListening(port)).toBe(false)
})

test('takes a query too, and leaves the browser at an address without the code', async () => {
  const { result, redirectUri, state } = await startSignIn({ responseMode: 'query' })
  const redirect = await getQuery(redirectUri, { code: 'the-code', state }, { redirect: 'manual' })
  expect(redirect.status).toBe(303)
  const page = await fetch(new URL(redirect.headers.get('location')!, redirectUri))
  expect(page.url).toBe(`${redirectUri}/?state=${state}`)
  expect(page.status).toBe(200)
  expect(await page.text()).not.toContain('the-code')
  expect(await result).toEqual({ code: 'the-code', state })
})

test.each(['127.0.0.1', '[::1]'])('listens on %s, where the machine has it', async (host) => {
  const { result, redirectUri, port, state } = await startSignIn()
  const other = redirectUri.replace('localhost', host)
  const error = await postForm(other, { code: 'c', state }).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error) {
    expect(host).toBe('[::1]')
    expect(await isListening(port, '::1')).toBe(false)
    await postForm(redirectUri, { code: 'c', state })
  }
  expect(await result).toEqual({ code: 'c', state })
})

test('has a path where one is asked for, and no other', async () => {
  const { result, redirectUri, port, state } = await startSignIn({ path: '/auth/callback' })
  expect(redirectUri).toBe(`http://localhost:${port}/auth/callback`)
  const stray = await postForm(`http://localhost:${port}/`, { code: 'wrong', state })
  expect(stray.status).toBe(404)
  const page = await getQuery(redirectUri, { code: 'right', state })
  expect(page.url).toBe(`${redirectUri}?state=${state}`)
  expect(await result).toEqual({ code: 'right', state })
})

test('answers the browser only when the tokens are there', async () => {
  const tokens = Promise.withResolvers<void>()
  const { result, port, state } = await startSignIn({ exchange: () => tokens.promise })
  const ask = (target: string): string => request(`GET ${target}`, { Host: `localhost:${port}` })
  const form = formRequest(port, { code: 'c', state })
  // A browser that repeats itself, and one that was redirected.
  const sockets = [await open(port, form), await open(port, form)]
  expect(statusOf(await exchange(port, ask(`/?code=c&state=${state}`)))).toBe(303)
  sockets.push(await open(port, ask(`/?state=${state}`)))
  let received = 0
  for (const socket of sockets) socket.on('data', ({ length }: Buffer) => (received += length))
  // Whoever comes after them is answered.
  expect(statusOf(await exchange(port, ask('/favicon.ico')))).toBe(404)
  expect(received).toBe(0)
  tokens.resolve()
  for (const answer of await Promise.all(sockets.map(readAll))) expect(statusOf(answer)).toBe(200)
  await result
})

test('shows an error page when the exchange fails', async () => {
  const refusal = new AuthError('invalid_grant', 'Cannot redeem: refused', {
    error: 'invalid_grant',
    errorDescription: 'AADSTS70008: <b>expired</b> & "gone"',
  })
  const { result, redirectUri, state } = await startSignIn({ exchange: () => Promise.reject(refusal) })
  const page = await postForm(redirectUri, { code: 'the-code', state })
  expect(page.status).toBe(400)
  const html = await page.text()
  expect(html).toContain('You are not signed in')
  expect(html).toContain('AADSTS70008: &#60;b&#62;expired&#60;/b&#62; &#38; &#34;gone&#34;')
  expect(html).toContain('invalid_grant')
  expect(html).not.toContain('the-code')
  await expect(result).rejects.toBe(refusal)
})

test('shows the code and message of an AuthError without an answer behind it, and nothing of any other error', async () => {
  const shown = async (failure: Error): Promise<string> => {
    const { redirectUri, state } = await startSignIn({ exchange: () => Promise.reject(failure) })
    const page = await postForm(redirectUri, { code: 'c', state })
    expect(page.status).toBe(400)
    return page.text()
  }
  const page = await shown(new AuthError('network_error', 'Cannot reach the token endpoint'))
  expect(page).toContain('network_error')
  expect(page).toContain('Cannot reach the token endpoint')
  expect(await shown(new Error('the password is hunter2'))).not.toContain('hunter2')
})

test('gives an error response to the program and shows it', async () => {
  const denied = new AuthError('access_denied', 'Cannot sign in')
  const { result, redirectUri, state } = await startSignIn({ exchange: () => Promise.reject(denied) })
  const error = { error: 'access_denied', error_description: 'No <i>consent</i>', error_uri: 'https://login.example/e' }
  const html = await (await postForm(redirectUri, { ...error, state })).text()
  expect(html).toContain('No &#60;i&#62;consent&#60;/i&#62;')
  expect(html).toContain('https://login.example/e')
  await expect(result).rejects.toBe(denied)
})

test('every answer is for this browser and this moment only', async () => {
  const { result, redirectUri, state } = await startSignIn()
  const stray = await fetch(redirectUri)
  const wrong = await postForm(redirectUri, { code: 'c', state: 'other' })
  const right = await postForm(redirectUri, { code: 'c', state })
  for (const { headers } of [stray, wrong, right]) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('connection')).toBe('close')
    expect(headers.get('content-type')).toMatch(/^text\/(html|plain); charset=utf-8$/)
  }
  await result
})

test('tells concurrent sign-ins apart', async () => {
  const interaction = loopback({ openBrowser: () => {} })
  const signIns = await Promise.all(Array.from({ length: 20 }, () => startSignIn({ interaction })))
  expect(new Set(signIns.map(({ port }) => port)).size).toBe(20)
  // Everybody's answer goes to everybody else first.
  const [first] = signIns
  for (const { redirectUri } of signIns.slice(1))
    expect((await postForm(redirectUri, { code: 'stolen', state: first!.state })).status).toBe(400)
  await Promise.all(
    signIns.toReversed().map(async ({ redirectUri, state }, index) => {
      const page = await postForm(redirectUri, { code: `code ${index}`, state })
      expect(page.status).toBe(200)
    }),
  )
  const codes = await Promise.all(signIns.map(async ({ result }) => (await result)['code']))
  expect(codes.toReversed()).toEqual(signIns.map((_, index) => `code ${index}`))
})

test('can be used again, on the same port too', async () => {
  const { port } = await startSignIn().then(async (one) => {
    await postForm(one.redirectUri, { code: 'c', state: one.state })
    await one.result
    return one
  })
  const interaction = loopback({ port, openBrowser: () => {} })
  for (const code of ['first', 'second']) {
    const { result, redirectUri, state } = await startSignIn({ interaction })
    expect(redirectUri).toBe(`http://localhost:${port}`)
    await postForm(redirectUri, { code, state })
    expect(await result).toEqual({ code, state })
  }
})

test('is a frozen record that knows its sign-ins by their signals', async () => {
  const interaction = loopback({ openBrowser: () => forever })
  expect(Object.isFrozen(interaction)).toBe(true)
  expect(interaction.responseMode).toBe('form_post')
  const flow = { authUri: 'https://login.example', state: 's', scope: [], codeVerifier: 'v', nonce: 'n' }
  const unknown = interaction.navigate('https://login.example', new AbortController().signal, flow)
  await expect(unknown).rejects.toThrow(TypeError)
  await expect(interaction.finish!(new AbortController().signal)).resolves.toBeUndefined()
  const { redirectUri } = interaction as { redirectUri: (signal: unknown) => Promise<string> }
  await expect(redirectUri(undefined)).rejects.toThrow('Cannot use signal: expected an AbortSignal')

  const controller = new AbortController()
  const uris = await Promise.all([redirectUri(controller.signal), redirectUri(controller.signal)])
  expect(uris[0]).toBe(uris[1])
  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'ms-settings:', '-version', ' https://x', ''])
    await expect(interaction.navigate(url, controller.signal, flow), url).rejects.toThrow(/expected one with http/)
  await expect(interaction.navigate('https://x', controller.signal, { ...flow, state: '' })).rejects.toThrow(TypeError)
  const waiting = interaction.navigate('https://login.example', controller.signal, flow)
  await expect(interaction.navigate('https://login.example', controller.signal, flow)).rejects.toThrow(TypeError)
  await interaction.finish!(controller.signal)
  await expect(waiting).rejects.toMatchObject({ code: 'user_cancelled' })
})

test.each<[string, object]>([
  ['port', { port: -1 }],
  ['port', { port: 65_536 }],
  ['port', { port: '80' }],
  ['path', { path: 'callback' }],
  ['path', { path: '/a?b' }],
  ['path', { path: '/a#b' }],
  ['path', { path: '/a/../b' }],
  ['path', { path: '/a b' }],
  ['path', { path: '//evil.example' }],
  ['path', { path: ['/'] }],
  ['host', { host: '::' }],
  ['host', { host: 'localhost' }],
  ['responseMode', { responseMode: 'fragment' }],
  ['timeout', { timeout: 0 }],
  ['timeout', { timeout: Number.NaN }],
  ['timeout', { timeout: 2 ** 31 }],
  ['welcomeTemplate', { welcomeTemplate: '' }],
  ['successTemplate', { successTemplate: 1 }],
  ['errorTemplate', { errorTemplate: {} }],
  ['openBrowser', { openBrowser: 'firefox' }],
  ['authUriCallback', { authUriCallback: true }],
  ['onBeforeLaunchingUi', { onBeforeLaunchingUi: {} }],
  ['env', { env: 'BROWSER' }],
])('a wrong %s is refused at once: %j', (name, options) => {
  expect(() => loopback(options)).toThrow(TypeError)
  expect(() => loopback(options)).toThrow(`Cannot use ${name}: expected`)
})

test('the options are an object', () => {
  for (const wrong of [null, 'http://localhost', 8080]) expect(() => loopback(wrong as never)).toThrow(TypeError)
})
