import { redeemCode } from '../acquire/redeemCode.js'
import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { PublicClient } from '../client/client.js'
import { takeFlow } from './storedFlows.js'

/** What {@link completeRedirect} takes. */
export interface CompleteRedirectOptions {
  /** Where the sign-in was kept. Default: this tab's `sessionStorage`. */
  readonly storage?: Storage | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/** The result of a sign-in by redirect. */
export interface RedirectResult extends AuthenticationResult {
  /** The address of the page that started the sign-in. */
  readonly returnTo: string
}

const completing = /* @__PURE__ */ new WeakMap<PublicClient, Promise<RedirectResult | undefined>>()

/**
 * Completes a sign-in by `redirect()` when the page is back: call it each time that the page loads.
 *
 * The answer is taken out of the address bar before anything else; a reload, a second call and another tab find nothing to do.
 *
 * @param client The client that the sign-in was started with, or one like it.
 * @param options Where the sign-in was kept.
 * @returns The token, and where the person was; `undefined` where the page's address is no answer to a sign-in of this tab.
 * @throws {TypeError} when the client is none.
 * @throws {AuthError} what `acquireTokenByAuthCodeFlow` throws.
 */
export async function completeRedirect(
  client: PublicClient,
  options: CompleteRedirectOptions = {},
): Promise<RedirectResult | undefined> {
  expect(client?.kind === 'public', 'the client', 'a public client')
  const call = completing.get(client) ?? complete(client, options).finally(() => completing.delete(client))
  completing.set(client, call)
  return call
}

async function complete(
  client: PublicClient,
  { storage, signal }: CompleteRedirectOptions,
): Promise<RedirectResult | undefined> {
  for (const part of ['hash', 'search'] as const) {
    const url = new URL(location.href)
    const response = new URLSearchParams(url[part].slice(1))
    const state = response.get('state')
    const stored = state ? takeFlow(storage, state) : undefined
    if (!stored) continue
    url[part] = ''
    history.replaceState(history.state, '', url)
    const result = await redeemCode(client, { flow: stored.flow, response, api: 169, signal })
    return { ...result, returnTo: stored.returnTo }
  }
  return undefined
}
