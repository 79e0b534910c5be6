import type { Interaction } from '@latchkey/core'
import { expect, isText } from '@latchkey/core/internal'
import { checkOptions, type LoopbackOptions } from './LoopbackOptions.js'
import { startSignIn, type SignIn } from './startSignIn.js'

/**
 * Signs people in through the system's browser, in a runtime that has `node:http`: Node, Deno and Bun.
 *
 * The answer comes to a listener on this machine; the browser sees how the sign-in ended only when that is known. One value serves
 * any number of sign-ins, at the same time too where `port` is left out.
 *
 * @param options Port, time limit, pages, and who opens the browser.
 * @returns An interaction for `acquireTokenInteractive`. It rejects with `timeout` when nobody signs in in time, `user_cancelled`
 * when the person gives up on the welcome page, `missing_dependency` when no browser can be opened, `network_error` when the
 * port is taken, and the signal's reason when that is aborted.
 * @throws {TypeError} when an option is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252#section-7.3 RFC 8252, section 7.3}
 */
export function loopback(options: LoopbackOptions = {}): Interaction {
  const checked = checkOptions(options)
  const signIns = new WeakMap<AbortSignal, Promise<SignIn>>()

  return Object.freeze({
    responseMode: checked.responseMode,
    async redirectUri(signal: AbortSignal) {
      expect(isSignal(signal), 'signal', 'an AbortSignal')
      let starting = signIns.get(signal)
      if (!starting) signIns.set(signal, (starting = startSignIn(checked, signal)))
      try {
        return (await starting).redirectUri
      } catch (error) {
        signIns.delete(signal)
        throw error
      }
    },
    async navigate(url: string, signal: AbortSignal, flow: { readonly state: string }) {
      const signIn = isSignal(signal) ? await signIns.get(signal) : undefined
      expect(signIn, 'signal', 'the one that redirectUri was given')
      expect(isText(flow?.state), 'flow', 'one with a state')
      return signIn.navigate(url, flow.state)
    },
    async finish(signal: AbortSignal, error?: unknown) {
      const signIn = isSignal(signal) ? await signIns.get(signal)?.catch(() => undefined) : undefined
      await signIn?.finish(error)
      if (signIn) signIns.delete(signal)
    },
  } satisfies Interaction)
}

function isSignal(value: unknown): value is AbortSignal {
  return typeof (value as AbortSignal | undefined)?.aborted === 'boolean'
}
