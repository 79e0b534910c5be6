import { loopback } from '@latchkey/loopback'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
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
import { redirectUriOf, startSignIn } from './fixtures/signIn.js'

afterEach(() => {
  vi.useRealTimers()
})

/** The timers of the package only: sockets have their own. */
const stopTheClock = (): unknown => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })

describe('time limits', () => {
  test('nobody signs in', async () => {
    stopTheClock()
    const { result, opened, port } = await startSignIn({ timeout: 60_000 })
    await opened
    await vi.advanceTimersByTimeAsync(59_999)
    expect(await isListening(port)).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    await expect(result).rejects.toMatchObject({ name: 'AuthError', code: 'timeout' })
    expect(await isListening(port)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('five minutes where nothing is said, and none where that is asked for', async () => {
    stopTheClock()
    const usual = await startSignIn()
    const patient = await startSignIn({ timeout: Infinity })
    await Promise.all([usual.opened, patient.opened])
    await vi.advanceTimersByTimeAsync(300_000)
    await expect(usual.result).rejects.toThrow('Cannot sign in: nobody did within 300 seconds')
    await vi.advanceTimersByTimeAsync(2 ** 31)
    const page = exchange(patient.port, formRequest(patient.port, { code: 'c', state: patient.state }))
    expect(await patient.result).toMatchObject({ code: 'c' })
    expect(statusOf(await page)).toBe(200)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the time runs anew when the browser opens, and an exchange has its own', async () => {
    stopTheClock()
    const exchanging = Promise.withResolvers<void>()
    const tokens = Promise.withResolvers<void>()
    const { result, opened, port, state } = await startSignIn({
      timeout: 1000,
      onBeforeLaunchingUi: () => vi.advanceTimersByTime(900),
      exchange: () => (exchanging.resolve(), tokens.promise),
    })
    await opened
    await vi.advanceTimersByTimeAsync(900)
    const page = exchange(port, formRequest(port, { code: 'c', state }))
    await exchanging.promise
    await vi.advanceTimersByTimeAsync(60_000)
    tokens.resolve()
    expect(statusOf(await page)).toBe(200)
    await result
  })

  test('the program never says how it ended', async () => {
    stopTheClock()
    const interaction = loopback({ openBrowser: () => {} })
    const { signal } = new AbortController()
    const port = Number(new URL(await redirectUriOf(interaction, signal)).port)
    const flow = { authUri: '', state: 'one', scope: [], codeVerifier: '', nonce: '' }
    const response = interaction.navigate('https://login.example', signal, flow)
    const page = exchange(port, formRequest(port, { code: 'c', state: 'one' }))
    expect(await response).toEqual({ code: 'c', state: 'one' })
    await vi.advanceTimersByTimeAsync(120_000)
    const answer = await page
    expect(statusOf(answer)).toBe(400)
    expect(answer).toContain('the program did not say how it ended')
    await interaction.finish!(signal) // late, and harmless
    expect(await isListening(port)).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the program goes no further than the redirect URI', async () => {
    stopTheClock()
    const { signal } = new AbortController()
    const port = Number(new URL(await redirectUriOf(loopback({ timeout: 5000 }), signal)).port)
    await vi.advanceTimersByTimeAsync(5000)
    while (await isListening(port));
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a browser that followed the redirect is not waited for again', async () => {
    stopTheClock()
    const tokens = Promise.withResolvers<void>()
    const { result, port, state } = await startSignIn({ exchange: () => tokens.promise })
    const get = (query: string): Promise<string> =>
      exchange(port, request(`GET /?${query}`, { Host: `localhost:${port}` }))
    expect(statusOf(await get(`code=c&state=${state}`))).toBe(303)
    const page = get(`state=${state}`)
    expect(statusOf(await get('stray'))).toBe(404)
    tokens.resolve()
    expect(statusOf(await page)).toBe(200)
    await result
  })

  test('the browser does not follow the redirect', async () => {
    stopTheClock()
    const exchanged = Promise.withResolvers<void>()
    const { result, port, state } = await startSignIn({ exchange: () => exchanged.resolve() })
    const get = request(`GET /?code=c&state=${state}`, { Host: `localhost:${port}` })
    expect(statusOf(await exchange(port, get))).toBe(303)
    await exchanged.promise
    expect(await isListening(port)).toBe(true)
    await vi.advanceTimersByTimeAsync(5000)
    expect(await result).toMatchObject({ code: 'c' })
    expect(await isListening(port)).toBe(false)
  })
})

describe('aborting', () => {
  const reason = new Error('enough')

  test('before the start', async () => {
    const signal = AbortSignal.abort(reason)
    await expect(redirectUriOf(loopback(), signal)).rejects.toBe(reason)
  })

  test('while the listener starts', async () => {
    const controller = new AbortController()
    const uri = redirectUriOf(loopback(), controller.signal)
    controller.abort(reason)
    await expect(uri).rejects.toBe(reason)
  })

  test('between redirect URI and page', async () => {
    const controller = new AbortController()
    const openBrowser = vi.fn()
    const interaction = loopback({ openBrowser })
    const port = Number(new URL(await redirectUriOf(interaction, controller.signal)).port)
    controller.abort(reason)
    const flow = { authUri: '', state: 'one', scope: [], codeVerifier: '', nonce: '' }
    await expect(interaction.navigate('https://login.example', controller.signal, flow)).rejects.toBe(reason)
    await interaction.finish!(controller.signal, reason)
    expect(openBrowser).not.toHaveBeenCalled()
    expect(await isListening(port)).toBe(false)
  })

  test('before the browser is opened', async () => {
    const controller = new AbortController()
    const openBrowser = vi.fn()
    const onBeforeLaunchingUi = (): void => controller.abort(reason)
    const { result } = await startSignIn({ controller, openBrowser, onBeforeLaunchingUi })
    await expect(result).rejects.toBe(reason)
    expect(openBrowser).not.toHaveBeenCalled()
  })

  test('while the person signs in; the browser’s opener is told', async () => {
    const told = Promise.withResolvers<unknown>()
    const { result, opened, port, controller } = await startSignIn({
      openBrowser: (_, { signal }) => signal.addEventListener('abort', () => told.resolve(signal.reason)),
    })
    await opened
    controller.abort(reason)
    await expect(result).rejects.toBe(reason)
    expect(await told.promise).toBe(reason)
    expect(await isListening(port)).toBe(false)
  })

  test('during the exchange: the browser learns it', async () => {
    const { result, redirectUri, state, controller } = await startSignIn({
      exchange() {
        controller.abort(reason)
        controller.signal.throwIfAborted()
      },
    })
    expect((await postForm(redirectUri, { code: 'c', state })).status).toBe(400)
    await expect(result).rejects.toBe(reason)
  })

  test('after the end: nothing', async () => {
    const { result, redirectUri, state, controller } = await startSignIn()
    await postForm(redirectUri, { code: 'c', state })
    controller.abort(reason)
    expect(await result).toMatchObject({ code: 'c' })
  })

  test('one of two: the other goes on', async () => {
    const interaction = loopback({ openBrowser: () => {} })
    const [one, other] = await Promise.all([startSignIn({ interaction }), startSignIn({ interaction })])
    one.controller.abort(reason)
    await expect(one.result).rejects.toBe(reason)
    await postForm(other.redirectUri, { code: 'c', state: other.state })
    expect(await other.result).toMatchObject({ code: 'c' })
  })

  test('in the browser, by the welcome page’s link', async () => {
    const { result, opened } = await startSignIn({
      welcomeTemplate: '<a href="$auth_uri">on</a> <a href="$abort_uri">off</a>',
    })
    const html = await (await fetch(await opened)).text()
    const [, abortUri] = /href="([^"]*)">off/.exec(html)!
    expect(abortUri).toContain('?error=abort')
    const page = await fetch(abortUri!.replaceAll('&#38;', '&'))
    expect(page.status).toBe(400)
    expect(await page.text()).toContain('You are not signed in')
    await expect(result).rejects.toMatchObject({ name: 'AuthError', code: 'user_cancelled' })
  })
})

describe('a port that is taken', () => {
  let server: Server
  afterEach(() => {
    server.close()
  })

  async function take(host: string): Promise<number> {
    server = createServer().listen(0, host)
    await Promise.race([once(server, 'listening'), once(server, 'error').then(([error]) => Promise.reject(error))])
    return (server.address() as { port: number }).port
  }

  test.each(['127.0.0.1', '0.0.0.0'])('on %s', async (host) => {
    const port = await take(host)
    const uri = redirectUriOf(loopback({ port }), new AbortController().signal)
    await expect(uri).rejects.toMatchObject({
      name: 'AuthError',
      code: 'network_error',
      message: `Cannot listen on port ${port}: it is taken; leave port out for a free one`,
    })
  })

  test('on ::1, where a browser may go', async (context) => {
    const port = await take('::1').catch(() => 0)
    if (port === 0) return context.skip('this machine has no ::1')
    const uri = redirectUriOf(loopback({ port }), new AbortController().signal)
    await expect(uri).rejects.toMatchObject({ code: 'network_error' })
    expect(await isListening(port)).toBe(false)
  })

  test('by another sign-in', async () => {
    const { port, controller, result } = await startSignIn()
    server = createServer()
    const interaction = loopback({ port })
    const { signal } = new AbortController()
    await expect(redirectUriOf(interaction, signal)).rejects.toMatchObject({ code: 'network_error' })
    await interaction.finish!(signal, new Error())
    controller.abort()
    await expect(result).rejects.toThrow()
    expect(await redirectUriOf(interaction, signal)).toBe(`http://localhost:${port}`)
    await interaction.finish!(signal)
  })
})

test('connections that others leave open do not outlive the sign-in', async () => {
  const { result, redirectUri, port, state } = await startSignIn()
  const idle = await open(port)
  const half = await open(port, 'POST / HTTP/1.1\r\nHost: local')
  const alive = await open(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: keep-alive\r\n\r\n`)
  await postForm(redirectUri, { code: 'c', state })
  await result
  await Promise.all([idle, half, alive].map(readAll))
  expect(await isListening(port)).toBe(false)
  expect(await isListening(port, '::1')).toBe(false)
})

test('a browser that went away holds nothing up', async () => {
  const tokens = Promise.withResolvers<void>()
  const exchanging = Promise.withResolvers<void>()
  const exchange = (): Promise<void> => (exchanging.resolve(), tokens.promise)
  const { result, redirectUri, state, port } = await startSignIn({ exchange })
  const closing = new AbortController()
  const page = postForm(redirectUri, { code: 'c', state }, { signal: closing.signal })
  await exchanging.promise
  closing.abort()
  await expect(page).rejects.toThrow()
  tokens.resolve()
  expect(await result).toMatchObject({ code: 'c' })
  expect(await isListening(port)).toBe(false)
})

test('a browser that reads nothing holds nothing up', async () => {
  const { result, state, port } = await startSignIn({ successTemplate: 'x'.repeat(16 * 1024 * 1024) })
  const socket = await open(port, formRequest(port, { code: 'c', state }))
  socket.pause()
  expect(await result).toMatchObject({ code: 'c' })
  expect(await isListening(port)).toBe(false)
  socket.destroy()
})

test('a page of any size arrives whole', async () => {
  const successTemplate = 'x'.repeat(4 * 1024 * 1024)
  const { result, redirectUri, state } = await startSignIn({ successTemplate })
  expect(await (await postForm(redirectUri, { code: 'c', state })).text()).toBe(successTemplate)
  await result
})

test('on 0.0.0.0, for a published port of a container, the same checks hold', async () => {
  const { result, redirectUri, port, state } = await startSignIn({ host: '0.0.0.0' })
  expect(redirectUri).toBe(`http://localhost:${port}`)
  const foreign = request(`GET /?code=c&state=${state}`, { Host: `192.0.2.1:${port}` })
  expect(statusOf(await exchange(port, foreign))).toBe(400)
  const page = await getQuery(`http://127.0.0.1:${port}/`, { code: 'c', state })
  expect(page.status).toBe(200)
  await result
})
