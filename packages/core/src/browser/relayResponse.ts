/** The channel between the page that the sign-in comes back to and the one that waits; pages of one origin share it. */
export const channelName = 'latchkey'

/**
 * Hands the answer in this page's address over to the page that waits for it, and closes the window: for the page that is the redirect
 * URI of `popup()`.
 *
 * Does nothing where the address holds no answer, so that the app's own page can be that page.
 *
 * @returns Whether there was an answer, and this window has nothing else to do.
 */
export function relayResponse(): boolean {
  const { hash, search, origin, pathname } = location
  const text = [hash, search].map((part) => part.slice(1)).find((part) => new URLSearchParams(part).has('state'))
  if (!text) return false
  // The code is for the page that waits, and not for the history.
  history.replaceState(null, '', pathname)
  const message = { latchkey: text }
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(message)
  channel.close()
  ;(opener as Window | null)?.postMessage(message, origin)
  close()
  return true
}
