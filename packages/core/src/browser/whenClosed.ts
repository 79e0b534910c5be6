/** How often the window is looked at, in milliseconds. */
const pace = 250
/** For how many looks nothing must come of a closed window, while this page has the focus. */
const grace = 4
/** The same where the window may be open still. */
const longGrace = 60

/**
 * Watches a window that a person may close.
 *
 * The handle of a window whose page cut the tie (Cross-Origin-Opener-Policy) says "closed", too. A window that is closed gives the focus
 * back to this page there and then, one that only cut the tie keeps it: what is not seen to do the first gets a long time.
 *
 * @param opened The window.
 * @param closed Is called when it is closed as far as can be known, and again at each look, until the watch is ended.
 * @returns The timer, for `clearInterval`.
 */
export function whenClosed(opened: Window, closed: () => void): ReturnType<typeof setInterval> {
  let wasAway = false
  let isCertain = false
  let looks = 0
  let focused = 0
  let last = 0
  return setInterval(() => {
    const hasFocus = document.hasFocus()
    const now = performance.now()
    // Browsers stop pages that are not seen: what happened in the meantime is not known.
    if (now - last > 8 * pace) wasAway = false
    last = now
    if (opened.closed) {
      looks++
      isCertain ||= wasAway && hasFocus && looks <= grace
      focused = hasFocus ? focused + 1 : 0
      if (focused >= (isCertain ? grace : longGrace)) closed()
    } else wasAway = !hasFocus
  }, pace)
}
