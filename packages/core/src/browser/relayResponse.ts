import { channelName } from './channelName.js'
import { storageKey } from './storedFlows.js'

/**
 * Hands the answer in this page's address over to the page that waits for it, and closes the window: for the page that is the redirect
 * URI of `popup()`.
 *
 * Does nothing where the address holds no answer, or that of a `redirect()` of this tab; so the app's own page can be that page.
 *
 * @returns Whether there was an answer, and this window has nothing else to do.
 */
export function relayResponse(): boolean {
  const { hash, search, origin, pathname } = location
  for (const text of [hash.slice(1), search.slice(1)]) {
    const response = new URLSearchParams(text)
    const state = response.get('state')
    if (!state || !(response.has('code') || response.has('error')) || isOfRedirect(state)) continue
    // The code is for the page that waits, and not for the history.
    history.replaceState(null, '', pathname)
    const message = { latchkey: text }
    ;(opener as Window | null)?.postMessage(message, origin)
    const channel = new BroadcastChannel(channelName(state))
    channel.postMessage(message)
    channel.close()
    close()
    return true
  }
  return false
}

function isOfRedirect(state: string): boolean {
  try {
    return sessionStorage.getItem(storageKey)?.includes(state) ?? false
  } catch {
    return false
  }
}
