/**
 * Leads the global fetch to a local server, so that programs run as they are, with their default authority.
 *
 * @param {string} origin
 */
export function redirectFetch(origin) {
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    if (input instanceof Request) throw new Error('A program gave fetch a Request, which is not redirected')
    const { pathname, search } = new URL(input)
    return fetch(`${origin}${pathname}${search}`, init)
  }
}
