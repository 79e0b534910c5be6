import type { BindingOptions, CallOptions } from '../acquire/CallOptions.js'
import { redeemCode } from '../acquire/redeemCode.js'
import { expect } from '../arguments/expect.js'
import type { AuthenticationResult } from '../AuthenticationResult.js'
import type { PublicClient } from '../client/client.js'
import { abortable, cancelled } from '../http/abortable.js'
import { takeFlow } from './storedFlows.js'

/** What {@link completeRedirect} takes. */
export interface CompleteRedirectOptions extends CallOptions, BindingOptions {
  /** Where `redirect()` kept the sign-in. Default: this tab's `sessionStorage`. */
  readonly storage?: Storage | undefined
}

/** The result of a sign-in by redirect. */
export interface RedirectResult extends AuthenticationResult {
  /** The address of the page that started the sign-in. */
  readonly returnTo: string
}

const completing = /* @__PURE__ */ new WeakMap<PublicClient, Promise<RedirectResult | undefined>>()

/**
 * Completes a sign-in by `redirect()` when the page is back: call it each time that the page loads, before a router reads the address.
 *
 * The answer is taken out of the address bar before anything else. Calls at the same time share it; a reload, a later call and another
 * tab find nothing to do.
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
  const { signal } = options
  if (signal?.aborted) throw cancelled(signal)
  // Not by this caller's signal: a component that is mounted twice gives its first call up, and the code is good only once.
  const call = completing.get(client) ?? complete(client, options).finally(() => completing.delete(client))
  completing.set(client, call)
  return abortable(call, signal)
}

async function complete(
  client: PublicClient,
  { storage, correlationId, scheme }: CompleteRedirectOptions,
): Promise<RedirectResult | undefined> {
  for (const part of ['hash', 'search'] as const) {
    const url = new URL(location.href)
    const response = new URLSearchParams(url[part].slice(1))
    const stored = takeFlow(storage, response.get('state'))
    if (!stored) continue
    const { flow, returnTo } = stored
    // A redirect URI may have a query of its own.
    url[part] = part === 'hash' ? '' : new URL(flow.redirectUri ?? url).search
    history.replaceState(history.state, '', url)
    return { ...(await redeemCode(client, { flow, response, api: 169, correlationId, scheme })), returnTo }
  }
  return undefined
}
