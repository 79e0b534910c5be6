import { expect } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
import { abortable, cancelled } from '../http/abortable.js'
import type { Interaction } from '../ports/interaction.js'
import { storeFlow } from './storedFlows.js'

/** What {@link redirect} takes. */
export interface RedirectOptions {
  /** The page that completes the sign-in with `completeRedirect`. Default: this one, without query and fragment. */
  readonly redirectUri?: string | undefined
  /** How the answer is sent. Default `fragment`, which no server sees. */
  readonly responseMode?: 'fragment' | 'query' | undefined
  /** Where the sign-in is kept until the answer comes. Default: this tab's `sessionStorage`. */
  readonly storage?: Storage | undefined
  /** Goes to the sign-in page. Default `location.assign`. */
  readonly navigate?: ((url: string) => void | Promise<void>) | undefined
}

/** How long this page waits to be left, in milliseconds. */
const patience = 60_000

/**
 * Signs people in by sending this page to the sign-in page and back.
 *
 * The sign-in is kept in this tab's session storage: other tabs are not disturbed, and one that is given up is forgotten.
 *
 * @param options Where the answer goes, and what is kept where.
 * @returns An interaction for `acquireTokenInteractive`, whose promise then never resolves: call `completeRedirect` when the page is
 * back. It fails with `user_cancelled` where the browser shows the old page again (the back button), with `timeout` where it is
 * still there after a minute, and with `storage_unavailable`.
 * @throws {TypeError} when an option is wrong.
 */
export function redirect(options: RedirectOptions = {}): Interaction {
  const { redirectUri, responseMode = 'fragment', storage } = options
  const { navigate = (url) => location.assign(url) } = options
  expect(typeof navigate === 'function', 'navigate', 'a function')
  return {
    responseMode,
    redirectUri() {
      const { href, origin } = new URL(redirectUri ?? location.pathname, location.href)
      // What is kept here is not found on another origin; an app that goes there its own way brings the answer back, too.
      expect(options.navigate || origin === location.origin, 'redirectUri', 'a page of this origin')
      return href
    },
    async navigate(url, signal, flow) {
      if (signal.aborted) throw cancelled(signal)
      storeFlow(storage, flow)
      await navigate(url)
      // The page goes away now. Where it is still or again there, the app must not wait for ever; the answer is taken all the same.
      let timer: ReturnType<typeof setTimeout> | undefined
      let fail: (error: AuthError) => void
      const back = ({ persisted }: PageTransitionEvent): void => {
        if (persisted) fail(new AuthError('user_cancelled', 'Cannot sign in: the person came back'))
      }
      const left = new Promise<never>((_resolve, reject) => {
        fail = reject
        addEventListener('pageshow', back)
        timer = setTimeout(() => reject(new AuthError('timeout', 'Cannot sign in: the page was not left')), patience)
      })
      return abortable(left, signal).finally(() => {
        removeEventListener('pageshow', back)
        clearTimeout(timer)
      })
    },
  }
}
