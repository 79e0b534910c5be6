import { expect, isText } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import type { Interaction } from '../ports/interaction.js'
import { popupResponse } from './popupResponse.js'

/** What {@link popup} takes. */
export interface PopupOptions {
  /**
   * The page of this origin that hands the answer over: the shipped `receiver.html`, or one that calls `relayResponse`. Default
   * `/receiver.html`.
   */
  readonly redirectUri?: string | undefined
  /** The window's width in CSS pixels. Default 483. */
  readonly width?: number | undefined
  /** The window's height in CSS pixels. Default 600. */
  readonly height?: number | undefined
  /** How long to wait for the person, in milliseconds. Default 300,000. */
  readonly timeout?: number | undefined
}

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
  for (const [name, value] of Object.entries({ width, height, timeout }))
    expect(value > 0 && value < 2 ** 31, name, 'a number above 0')
  const windows = new WeakMap<AbortSignal, Window>()
  return {
    responseMode: 'fragment',
    redirectUri(signal) {
      const { href, origin } = new URL(redirectUri, location.href)
      expect(origin === location.origin, 'redirectUri', 'a page of this origin')
      const left = screenX + (outerWidth - width) / 2
      const top = screenY + (outerHeight - height) / 2
      const opened = open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`)
      if (!opened || opened.closed)
        throw new AuthError(
          'popup_blocked',
          'Cannot sign in: the browser blocked the window; sign in in the handler of a click, or with redirect()',
        )
      windows.set(signal, opened)
      return href
    },
    navigate: (url, signal, { state }) => popupResponse(windows.get(signal)!, url, state, timeout, signal),
    finish: (signal) => windows.get(signal)?.close(),
  }
}
