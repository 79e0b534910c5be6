import type { Exchange } from './Exchange.js'

/**
 * Tells whether the `Origin` header of a request can be seen: a page that has an emulator in process cannot send, or see,
 * the headers that browsers add.
 *
 * @returns Whether it can.
 */
export function canSeeOrigin(): boolean {
  return new Request('https://example.com', { headers: { origin: 'https://example.com' } }).headers.has('origin')
}

/**
 * Reads a request once.
 *
 * @param request The request; its body was read already.
 * @param read What was read of it, and when.
 * @returns The exchange.
 */
export function readExchange(
  request: Request,
  read: {
    readonly contentType: string
    readonly body: string
    readonly now: number
    readonly showsOrigin: boolean
  },
): Exchange {
  const { contentType, body, now, showsOrigin } = read
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType)
  const correlationId = request.headers.get('client-request-id') ?? ''
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(correlationId)
  return {
    request,
    url: new URL(request.url),
    body,
    form: new URLSearchParams(isForm ? body : ''),
    origin: showsOrigin ? request.headers.get('origin') : undefined,
    correlationId: isGuid ? correlationId : crypto.randomUUID(),
    traceId: crypto.randomUUID(),
    now,
  }
}
