import { isAuthError } from '@latchkey/core'
import { popup, relayResponse } from '@latchkey/core/popup'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const flow = { authUri: '', state: 'a-state', scope: [], codeVerifier: '', nonce: '' }
const opened = { closed: false, close: vi.fn(), location: { replace: vi.fn() } }
const open = vi.fn<(...args: unknown[]) => unknown>()
const listeners = new Map<string, Set<(event: unknown) => void>>()

beforeEach(() => {
  Object.assign(opened, { closed: false })
  open.mockReset().mockReturnValue(opened)
  for (const mock of [opened.close, opened.location.replace]) mock.mockReset()
  listeners.clear()
  const globals = {
    ...{ open, screenX: -1000, screenY: 20, outerWidth: 983, outerHeight: 800 },
    location: new URL('https://app.example/deep/page?query#fragment'),
    document: { hasFocus: () => true },
    addEventListener: (type: string, listener: (event: unknown) => void) =>
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener)),
    removeEventListener: (type: string, listener: (event: unknown) => void) => listeners.get(type)?.delete(listener),
  }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const uriOf = (interaction: ReturnType<typeof popup>, signal: AbortSignal) =>
  (interaction.redirectUri as (signal: AbortSignal) => string)(signal)
const dispatch = (type: string, event: object = {}) => listeners.get(type)?.forEach((listener) => listener(event))
const listening = () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0)

describe('popup()', () => {
  test.each([
    { redirectUri: '' },
    { width: 0 },
    { height: Number.NaN },
    { timeout: -1 },
    { timeout: Infinity },
    { width: '400,noopener' as unknown as number },
  ])('refuses %o at once', (options) => {
    const [name = ''] = Object.keys(options)
    expect(() => popup(options)).toThrow(new RegExp(`Cannot use ${name}: expected`))
    expect(() => popup(options)).toThrow(TypeError)
  })

  test('touches nothing before a sign-in: pages are made on servers, too', () => {
    vi.unstubAllGlobals()
    expect(popup().responseMode).toBe('fragment')
  })

  test('opens the window in the middle of the page’s, before anything is waited for', () => {
    const { signal } = new AbortController()
    expect(uriOf(popup(), signal)).toBe('https://app.example/receiver.html')
    expect(open.mock.calls).toEqual([['', '', 'popup,width=483,height=600,left=-750,top=120']])
  })

  test('a redirect URI is relative to the page, and of its origin', () => {
    const { signal } = new AbortController()
    expect(uriOf(popup({ redirectUri: 'receiver.html' }), signal)).toBe('https://app.example/deep/receiver.html')
    open.mockClear()
    for (const redirectUri of ['https://other.example/receiver.html', 'http://app.example/receiver.html'])
      expect(() => uriOf(popup({ redirectUri }), signal)).toThrow('expected a page of this origin')
    expect(open).not.toHaveBeenCalled()
  })

  test.each([
    ['null', null],
    ['a window that is closed already', { closed: true }],
  ])('a browser that gives %s has blocked it', (_name, given) => {
    open.mockReturnValue(given)
    const { signal } = new AbortController()
    expect(() => uriOf(popup(), signal)).toThrow(/blocked the window; sign in in the handler of a click/)
    try {
      uriOf(popup(), signal)
    } catch (error) {
      expect(isAuthError(error) && error.code).toBe('popup_blocked')
    }
  })
})

describe('the waiting', () => {
  function navigate(options = {}, controller = new AbortController()) {
    const interaction = popup(options)
    uriOf(interaction, controller.signal)
    return {
      interaction,
      controller,
      answer: (start = () => {}) => {
        start()
        return interaction.navigate('https://login.example/', controller.signal, flow)
      },
    }
  }

  test('a window that was closed while it was empty ends it at once', async () => {
    const { answer } = navigate()
    await expect(answer(() => (opened.closed = true))).rejects.toMatchObject({ code: 'user_cancelled' })
    expect(opened.location.replace).not.toHaveBeenCalled()
    expect(listening()).toBe(0)
  })

  test('a sign-in that was given up before does not show the page', async () => {
    const { answer, controller } = navigate()
    await expect(answer(() => controller.abort())).rejects.toMatchObject({ code: 'user_cancelled' })
    expect(opened.location.replace).not.toHaveBeenCalled()
  })

  test('the answer comes from this origin, once, and leaves nothing behind', async () => {
    vi.useFakeTimers()
    const { answer, interaction, controller } = navigate()
    const call = answer()
    expect(opened.location.replace).toHaveBeenCalledWith('https://login.example/')
    const data = { latchkey: 'code=right&state=a-state&__proto__=x' }
    dispatch('message', { origin: 'https://evil.example', data: { latchkey: 'code=wrong&state=a-state' } })
    dispatch('message', { origin: 'null', data: { latchkey: 'code=wrong&state=a-state' } })
    dispatch('message', { origin: 'https://app.example', data: { latchkey: 'code=wrong&state=another' } })
    dispatch('message', { origin: 'https://app.example', data: null })
    dispatch('message', { origin: 'https://app.example', data })
    const response = await call
    expect(response).toMatchObject({ code: 'right', state: 'a-state' })
    expect(Object.getPrototypeOf(response)).toBe(Object.prototype)
    expect([listening(), vi.getTimerCount()]).toEqual([0, 0])
    await interaction.finish?.(controller.signal)
    expect(opened.close).toHaveBeenCalledOnce()
  })

  test('the time limit and the signal end it, and leave nothing behind', async () => {
    vi.useFakeTimers()
    const late = expect(navigate({ timeout: 5000 }).answer()).rejects.toMatchObject({ code: 'timeout' })
    await vi.advanceTimersByTimeAsync(5000)
    await late
    const { answer, controller } = navigate()
    const call = answer()
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'user_cancelled' })
    expect([listening(), vi.getTimerCount()]).toEqual([0, 0])
  })

  test('a page that goes away takes its window along', async () => {
    const { answer, controller } = navigate()
    const call = answer()
    dispatch('pagehide')
    expect(opened.close).toHaveBeenCalledOnce()
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'user_cancelled' })
  })
})

describe('relayResponse()', () => {
  const close = vi.fn()
  const replaceState = vi.fn()
  const postMessage = vi.fn()

  beforeEach(() => {
    for (const mock of [close, replaceState, postMessage]) mock.mockReset()
    vi.stubGlobal('close', close)
    vi.stubGlobal('history', { replaceState })
    vi.stubGlobal('opener', { postMessage })
    vi.stubGlobal('sessionStorage', { getItem: () => JSON.stringify([{ flow: { state: 'of-a-redirect' } }]) })
  })
  const at = (address: string) => vi.stubGlobal('location', new URL(address, 'https://app.example'))

  test.each(['/cb#code=c&state=a-state', '/cb?code=c&state=a-state', '/cb?x=y#error=access_denied&state=a-state'])(
    'hands %s over, and clears the address first',
    (address) => {
      at(address)
      replaceState.mockImplementation(() => expect(postMessage).not.toHaveBeenCalled())
      expect(relayResponse()).toBe(true)
      expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/cb')
      expect(postMessage).toHaveBeenCalledExactlyOnceWith(
        { latchkey: expect.stringMatching(/^(code|error)=/) },
        'https://app.example',
      )
      expect(close).toHaveBeenCalledOnce()
    },
  )

  test.each(['/', '/#/route', '/?state=CA', '/#code=c', '/#code=c&state=', '/#code=c&state=of-a-redirect'])(
    'leaves %s alone',
    (address) => {
      at(address)
      expect(relayResponse()).toBe(false)
      for (const mock of [close, replaceState, postMessage]) expect(mock).not.toHaveBeenCalled()
    },
  )

  test('works where there is no opener, and nothing may be stored', () => {
    vi.stubGlobal('opener', null)
    vi.stubGlobal('sessionStorage', {
      getItem() {
        throw new DOMException('Access is denied', 'SecurityError')
      },
    })
    at('/#code=c&state=a-state')
    expect(relayResponse()).toBe(true)
    expect(close).toHaveBeenCalledOnce()
  })
})
