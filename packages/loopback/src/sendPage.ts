import type { ServerResponse } from 'node:http'

/** What a browser is shown. */
export interface Page {
  /** The HTTP status. */
  readonly status: number
  /** HTML where it starts with `<`, else plain text. */
  readonly body: string
  /** Where to go instead. */
  readonly location?: string | undefined
}

/** How long a browser may take to fetch the page, in ms. */
const DRAIN_TIMEOUT = 2000

/**
 * Sends a page, and closes the connection behind it.
 *
 * @param response The response.
 * @param page What to send.
 * @returns When the connection is closed.
 */
export function sendPage(response: ServerResponse, { status, body, location }: Page): Promise<void> {
  const { socket } = response
  if (!socket || socket.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), DRAIN_TIMEOUT)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    response.writeHead(status, {
      ...(location === undefined ? {} : { location }),
      ...(status === 405 ? { allow: 'GET, POST' } : {}),
      'content-type': `text/${body.startsWith('<') ? 'html' : 'plain'}; charset=utf-8`,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    response.end(body)
  })
}
