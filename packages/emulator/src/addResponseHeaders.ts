import type { Exchange } from './Exchange.js'

/**
 * Adds the headers that every answer of Entra has: ids, and what lets a page read it.
 *
 * @param response The endpoint's answer.
 * @param exchange The request.
 * @returns The answer to send.
 */
export function addResponseHeaders(response: Response, exchange: Exchange): Response {
  const headers = new Headers(response.headers)
  if (headers.get('content-type') === 'application/json') headers.set('content-type', 'application/json; charset=utf-8')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('x-ms-request-id', exchange.traceId)
  headers.set('date', new Date(exchange.now).toUTCString())
  if (exchange.request.headers.get('return-client-request-id') === 'true')
    headers.set('client-request-id', exchange.correlationId)
  // pages are for people; other pages have no business with what they say
  if (!headers.get('content-type')?.startsWith('text/html')) {
    headers.set('access-control-allow-origin', '*')
    headers.set(
      'access-control-expose-headers',
      'client-request-id, date, dpop-nonce, retry-after, www-authenticate, x-ms-request-id',
    )
  }
  return new Response(response.body, { status: response.status, headers })
}
