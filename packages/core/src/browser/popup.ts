import { expect, isText } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import { cancelled } from '../http/abortable.js'
import type { Interaction } from '../ports/interaction.js'
import { channelName } from './relayResponse.js'

/** What {@link popup} takes. */
export interface PopupOptions {
  /** The page that hands the answer over: the shipped `receiver.html`, or one that calls `relayResponse`. Default `/receiver.html`. */
  readonly redirectUri?: string | undefined
  /** The window's width in CSS pixels. Default 483. */
  readonly width?: number | undefined
  /** The window's height in CSS pixels. Default 600. */
  readonly height?: number | undefined
  /** How long to wait for the person, in milliseconds. Default 300,000. */
  readonly timeout?: number | undefined
}

/** How often the window is looked at, in milliseconds. */
const pace = 250
/** For how long nothing must come of a closed window, while this page has the focus; in milliseconds. */
const grace = 1000
/** The same where the window seemed closed from the start: its page may just have cut the tie (COOP), and be open still. */
const longGrace = 15_000

/**
 * Signs people in with a popup window; the page stays.
 *
 * Call `acquireTokenInteractive` in the handler of a click: the window opens at once, before anything is waited for, or the browser
 * blocks it. It works where the sign-in page cuts itself off from its opener (Cross-Origin-Opener-Policy), too; whether the person
 * closed the window is then seen only by the focus that comes back.
 *
 * @param options Where the answer goes, and how the window looks.
 * @returns An interaction for `acquireTokenInteractive`; any number of sign-ins can use it. It fails with `popup_blocked`,
 * `user_cancelled` when the window was closed, or `timeout`.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies HTML, cross-origin opener policies}
 */
export function popup(options: PopupOptions = {}): Interaction {
  const { redirectUri = '/receiver.html', width = 483, height = 600, timeout = 300_000 } = options
  expect(isText(redirectUri), 'redirectUri', 'a URL')
  for (const [name, value] of Object.entries({ width, height, timeout })) expect(value > 0, name, 'a number above 0')
  const windows = new WeakMap<AbortSignal, Window>()
  return {
    responseMode: 'fragment',
    redirectUri(signal) {
      const left = Math.max(0, screenX + (outerWidth - width) / 2)
      const top = Math.max(0, screenY + (outerHeight - height) / 2)
      const opened = open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`)
      if (!opened) throw new AuthError('popup_blocked', 'Cannot sign in: the browser blocked the window')
      windows.set(signal, opened)
      return new URL(redirectUri, location.href).href
    },
    navigate: (url, signal) => answer(windows.get(signal)!, url, signal, timeout),
    finish: (signal) => windows.get(signal)?.close(),
  }
}

/** Sends the window to the page, and waits for the answer with the request's state; others are not meant for us. */
function answer(opened: Window, url: string, signal: AbortSignal, timeout: number): Promise<Record<string, string>> {
  const state = new URL(url).searchParams.get('state')
  const channel = new BroadcastChannel(channelName)
  return new Promise<Record<string, string>>((resolve, reject) => {
    const receive = ({ data, origin }: MessageEvent): void => {
      const text: unknown = origin === location.origin && (data as { latchkey?: unknown } | null)?.latchkey
      const response = new URLSearchParams(isText(text) ? text : '')
      if (response.get('state') !== state) return
      stop()
      resolve(Object.fromEntries(response))
    }
    const fail = (error: AuthError): void => {
      stop()
      reject(error)
    }
    const abort = (): void => fail(cancelled(signal))
    const watch = watchWindow(opened, () =>
      fail(new AuthError('user_cancelled', 'Cannot sign in: the window was closed')),
    )
    const timer = setTimeout(() => fail(new AuthError('timeout', 'Cannot sign in: nobody did in time')), timeout)
    const stop = (): void => {
      clearInterval(watch)
      clearTimeout(timer)
      channel.close()
      removeEventListener('message', receive)
      signal.removeEventListener('abort', abort)
    }
    channel.addEventListener('message', receive)
    addEventListener('message', receive)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    else opened.location.replace(url)
  })
}

/** Tells a window that was closed from one whose page cut the tie: then the handle says "closed" from the first page on. */
function watchWindow(opened: Window, closed: () => void): ReturnType<typeof setInterval> {
  let wasElsewhere = false
  let waited = 0
  return setInterval(() => {
    waited = opened.closed && document.hasFocus() ? waited + pace : 0
    wasElsewhere ||= !opened.closed && !isOurs(opened)
    if (waited >= (wasElsewhere ? grace : longGrace)) closed()
  }, pace)
}

function isOurs(opened: Window): boolean {
  try {
    return opened.location.href !== ''
  } catch {
    return false
  }
}
