import { expect } from '../arguments/expect.js'
import { AuthError } from '../AuthError.js'
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
  readonly navigate?: ((url: string) => void) | undefined
}

/**
 * Signs people in by sending this page to the sign-in page and back.
 *
 * The sign-in is kept in this tab's session storage: other tabs are not disturbed, and one that is given up is forgotten.
 *
 * @param options Where the answer goes, and what is kept where.
 * @returns An interaction for `acquireTokenInteractive`, whose promise then never resolves: call `completeRedirect` when the page is
 * back. Where the browser shows the old page again (the back button), it fails with `user_cancelled`.
 * @throws {TypeError} when an option is wrong.
 */
export function redirect(options: RedirectOptions = {}): Interaction {
  const { redirectUri, responseMode = 'fragment', storage, navigate = (url) => location.assign(url) } = options
  expect(/^(fragment|query)$/.test(responseMode), 'responseMode', 'fragment or query')
  expect(typeof navigate === 'function', 'navigate', 'a function')
  return {
    responseMode,
    redirectUri: () => new URL(redirectUri ?? location.pathname, location.href).href,
    navigate(url, _signal, flow) {
      const forget = storeFlow(storage, flow)
      navigate(url)
      return new Promise((_resolve, reject) => {
        const back = ({ persisted }: PageTransitionEvent): void => {
          if (!persisted) return
          removeEventListener('pageshow', back)
          forget()
          reject(new AuthError('user_cancelled', 'Cannot sign in: the person came back'))
        }
        addEventListener('pageshow', back)
      })
    },
  }
}
