import type { AuthCodeFlow } from '../AuthCodeFlow.js'

/**
 * How a person gets to the authorization page and the answer gets back.
 *
 * All calls of one sign-in are given the same signal: an interaction that serves several sign-ins at once tells them apart by it.
 */
export interface Interaction {
  /** Where the authorization server sends the answer; a function where it is known only once a listener is there. */
  readonly redirectUri: string | Promise<string> | ((signal: AbortSignal) => string | Promise<string>)
  /** How the answer is to be sent; the server's own choice where it is left out. */
  readonly responseMode?: 'query' | 'fragment' | 'form_post' | undefined
  /**
   * Shows the page and waits for the answer.
   *
   * An answer whose `state` is not the request's is none: the waiting goes on.
   *
   * @param url The authorization request.
   * @param signal Ends the waiting.
   * @param flow What has to be remembered where the page that waits goes away.
   * @returns The parameters of the authorization response.
   */
  navigate(url: string, signal: AbortSignal, flow: AuthCodeFlow): Promise<Record<string, string>>
  /**
   * Is told how the sign-in ended, so that the person sees what is true; called once, also where `navigate` failed.
   *
   * @param signal The sign-in's signal.
   * @param error Why there is no token; absent where there is one.
   * @returns When nothing of the sign-in is left open.
   */
  finish?(signal: AbortSignal, error?: unknown): void | Promise<void>
}
