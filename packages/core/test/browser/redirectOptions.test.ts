import { createPublicClient } from '@latchkey/core'
import { completeRedirect, redirect, type RedirectOptions } from '@latchkey/core/redirect'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { boundScheme } from '../fixtures/boundScheme.js'

const flow = { authUri: '', state: 'a-state', scope: [], codeVerifier: '', nonce: '' }
const day = 86_400_000

/** As much of a storage as is used. */
class FakeStorage {
  readonly entries = new Map<string, string>()
  getItem = (key: string): string | null => this.entries.get(key) ?? null
  setItem = (key: string, value: string): unknown => this.entries.set(key, value)
  removeItem = (key: string): unknown => this.entries.delete(key)
  get states(): string[] {
    const flows = JSON.parse(this.entries.get('latchkey') ?? '[]') as { flow: { state: string } }[]
    return flows.map(({ flow }) => flow.state)
  }
}

let sessionStorage: FakeStorage
let page: EventTarget
const assign = vi.fn()
const replaceState = vi.fn()
const client = createPublicClient({
  clientId: 'an-app',
  authority: 'https://login.microsoftonline.com/common',
  fetch: () => Promise.reject(new TypeError('no request is expected')),
  maxRetries: 0,
})

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 })
  sessionStorage = new FakeStorage()
  page = new EventTarget()
  assign.mockReset()
  replaceState.mockReset()
  vi.stubGlobal('sessionStorage', sessionStorage)
  vi.stubGlobal('history', { state: 'of the router', replaceState })
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  at('/start?query#fragment')
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const at = (address: string) =>
  vi.stubGlobal('location', Object.assign(new URL(address, 'https://app.example'), { assign }))
const uriOf = (options: RedirectOptions = {}) => (redirect(options).redirectUri as () => string)()
const go = (options: RedirectOptions = {}, { state = 'a-state', signal = new AbortController().signal } = {}) =>
  redirect(options).navigate('https://login.example/', signal, { ...flow, state })

test('redirect() refuses what is no way to a page at once', () => {
  expect(() => redirect({ navigate: 'https://login.example/' } as never)).toThrow('Cannot use navigate: expected')
})

test('redirect() touches nothing before a sign-in: pages are made on servers, too', () => {
  vi.unstubAllGlobals()
  expect(redirect().responseMode).toBe('fragment')
})

test('the redirect URI is this page, or one of its origin', () => {
  expect(uriOf()).toBe('https://app.example/start')
  expect(uriOf({ redirectUri: '/cb' })).toBe('https://app.example/cb')
  expect(() => uriOf({ redirectUri: 'http://localhost/cb' })).toThrow('expected a page of this origin')
  // An app in a shell of its own has another way there and back.
  expect(uriOf({ redirectUri: 'com.example.app://cb', navigate: () => {} })).toBe('com.example.app://cb')
})

test('what is needed for the answer is kept before the page is left', async () => {
  assign.mockImplementation(() => expect(sessionStorage.states).toEqual(['a-state']))
  const controller = new AbortController()
  const call = go({}, { signal: controller.signal })
  await vi.advanceTimersByTimeAsync(0)
  expect(assign).toHaveBeenCalledExactlyOnceWith('https://login.example/')
  controller.abort()
  await expect(call).rejects.toMatchObject({ code: 'user_cancelled' })
  expect(vi.getTimerCount()).toBe(0)
})

test('a page that is not left ends the waiting, and so does one that comes back', async () => {
  const late = expect(go()).rejects.toMatchObject({ code: 'timeout' })
  await vi.advanceTimersByTimeAsync(60_000)
  await late
  const back = expect(go()).rejects.toMatchObject({ code: 'user_cancelled' })
  await vi.advanceTimersByTimeAsync(0)
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false })) // the page has only just loaded
  expect(vi.getTimerCount()).toBe(1)
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await back
  expect(vi.getTimerCount()).toBe(0)
})

test('a sign-in that was given up before leaves nothing, and does not leave the page', async () => {
  await expect(go({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'user_cancelled' })
  expect(sessionStorage.entries.size).toBe(0)
  expect(assign).not.toHaveBeenCalled()
})

test('an app’s own way that fails is what fails', async () => {
  const failure = new Error('no browser')
  await expect(go({ navigate: () => Promise.reject(failure) })).rejects.toBe(failure)
})

test('a storage that is full is told, and the page is not left', async () => {
  sessionStorage.setItem = () => {
    throw new DOMException('The quota has been exceeded', 'QuotaExceededError')
  }
  await expect(go()).rejects.toMatchObject({ code: 'storage_unavailable', cause: { name: 'QuotaExceededError' } })
  expect(assign).not.toHaveBeenCalled()
})

test('a storage that is not there is told', async () => {
  vi.stubGlobal('sessionStorage', undefined)
  await expect(go()).rejects.toMatchObject({ code: 'storage_unavailable' })
  at('/#code=c&state=a-state')
  expect(await completeRedirect(client)).toBeUndefined()
})

test('eight sign-ins are kept, the newest, for a day', async () => {
  for (let number = 0; number < 9; number++) void go({}, { state: `state-${number}` }).catch(() => {})
  expect(sessionStorage.states).toHaveLength(8)
  expect(sessionStorage.states).not.toContain('state-0')
  vi.setSystemTime(Date.now() + day - 1)
  void go({}, { state: 'late' }).catch(() => {})
  vi.setSystemTime(Date.now() + 2)
  // Each page that loads sweeps.
  at('/#code=c&state=state-8')
  expect(await completeRedirect(client)).toBeUndefined()
  expect(sessionStorage.states).toEqual(['late'])
})

test.each(['', 'no JSON', 'null', '{}', '[null]', '[{"flow":null}]', '[{"flow":{"state":"a-state"}}]'])(
  'what others wrote there disturbs nobody: %s',
  async (text) => {
    at('/#code=c&state=a-state')
    sessionStorage.setItem('latchkey', text)
    expect(await completeRedirect(client)).toBeUndefined()
    void go().catch(() => {})
    expect(sessionStorage.states).toEqual(['a-state'])
  },
)

test('the answer is taken before anything is asked for, and once', async () => {
  void go({ redirectUri: '/cb' }).catch(() => {})
  at('/cb?own=1#code=c&state=a-state')
  const calls = [completeRedirect(client), completeRedirect(client)]
  expect(sessionStorage.entries.size).toBe(0)
  expect(replaceState).toHaveBeenCalledOnce()
  expect(String(replaceState.mock.calls[0]![2])).toBe('https://app.example/cb?own=1')
  expect(replaceState.mock.calls[0]![0]).toBe('of the router')
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'network_error' })
  expect(await completeRedirect(client)).toBeUndefined()
})

test('the answer is redeemed with the scheme that the sign-in was started with', async () => {
  void go().catch(() => {})
  at('/start#code=c&state=a-state')
  const { scheme, asked } = boundScheme('key-1')
  await expect(completeRedirect(client, { scheme })).rejects.toMatchObject({ code: 'network_error' })
  expect(asked).toEqual([expect.stringMatching(/^POST .*\/token key-1$/)])
})

test('an answer with two states is of no sign-in', async () => {
  void go().catch(() => {})
  at('/start#code=c&state=a-state&state=b')
  await expect(completeRedirect(client)).rejects.toMatchObject({ code: 'state_mismatch' })
})

test('completeRedirect() refuses what is no public client, and a call that was given up before takes nothing', async () => {
  void go().catch(() => {})
  at('/start#code=c&state=a-state')
  await expect(completeRedirect({} as typeof client)).rejects.toThrow('expected a public client')
  await expect(completeRedirect(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'user_cancelled',
  })
  expect(sessionStorage.states).toEqual(['a-state'])
})
