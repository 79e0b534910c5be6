import type { MiddlewareHandler } from 'hono'

/**
 * Refuses what did not come from this machine's own page: a host name that was bound to 127.0.0.1 elsewhere (DNS rebinding), and
 * requests that a page of another origin makes (CSRF).
 *
 * @returns The middleware.
 */
export function sameOrigin(): MiddlewareHandler {
  return async (c, next) => {
    const { protocol, host, hostname } = new URL(c.req.url)
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site') ?? 'none'
    const isNavigation = c.req.method === 'GET' && c.req.header('sec-fetch-mode') === 'navigate'
    if (!isLoopback(hostname)) return c.text('This server answers under the names of this machine only\n', 403)
    const isOwn =
      origin === undefined ? ['none', 'same-origin'].includes(site) || isNavigation : origin === `${protocol}//${host}`
    return isOwn ? next() : c.text('This server answers its own page only\n', 403)
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}
