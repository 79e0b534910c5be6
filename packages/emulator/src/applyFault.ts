import { brokenBody, hugeBody, stalledBody } from './brokenBody.js'
import { EntraError, entraErrorBody } from './EntraError.js'
import type { Exchange } from './Exchange.js'
import type { Fault, StatusFault } from './Fault.js'
import { sleep } from './sleep.js'

/**
 * Answers a request that a fault hit.
 *
 * @param fault The fault.
 * @param exchange The request.
 * @param signal Aborts when the client gives up.
 * @param answer Gives the true answer.
 * @returns The faulty answer; rejects with the TypeError of a broken connection for `reset`.
 */
export async function applyFault(
  fault: Fault,
  exchange: Exchange,
  signal: AbortSignal | undefined,
  answer: () => Promise<Response>,
): Promise<Response> {
  switch (fault.kind) {
    case undefined:
    case 'status':
      return answerStatus(fault, exchange)
    case 'slow':
      await sleep(fault.delay, signal)
      return answer()
    case 'reset':
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('The connection was reset'), { code: 'ECONNRESET' }),
      })
    case 'stall':
      return withHalfBody(await answer(), (half) => stalledBody(half, signal))
    case 'truncated':
      return withHalfBody(await answer(), brokenBody)
    case 'wrong-json':
      return json(fault.body ?? '{"token_type":"Bearer","access_token":')
    case 'html':
      return withStatus(fault.status, '<!DOCTYPE html><title>Proxy</title>\n', 'text/html; charset=utf-8')
    case 'empty':
      return withStatus(fault.status, null, 'application/json')
    case 'redirect':
      return new Response(null, {
        status: fault.status ?? 302,
        headers: { location: fault.location ?? 'https://redirected.example/' },
      })
    case 'wrong-content-type': {
      const response = await answer()
      response.headers.set('content-type', fault.contentType ?? 'text/plain')
      return response
    }
    case 'huge':
      return json(hugeBody((fault.megabytes ?? 50) * 1024 * 1024))
    case 'deep-json': {
      const depth = fault.depth ?? 100_000
      return json('['.repeat(depth) + ']'.repeat(depth))
    }
    case 'clock-skew':
      return answer()
  }
}

function answerStatus(fault: StatusFault, exchange: Exchange): Response {
  const error = new EntraError(fault.status === 429 ? 90055 : 90033, {}, { status: fault.status })
  const body = fault.body ?? JSON.stringify(entraErrorBody(error, exchange))
  const response = withStatus(fault.status, body, 'application/json')
  if (fault.retryAfter !== undefined) response.headers.set('retry-after', String(fault.retryAfter))
  return response
}

function withStatus(status: number | undefined, body: string | null, contentType: string): Response {
  const mayHaveBody = status !== 204 && status !== 205 && status !== 304
  return new Response(mayHaveBody ? body : null, { status: status ?? 200, headers: { 'content-type': contentType } })
}

function json(body: BodyInit): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

async function withHalfBody(
  response: Response,
  body: (half: Uint8Array<ArrayBuffer>) => ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.set('content-length', String(whole.length))
  return new Response(body(whole.slice(0, whole.length / 2)), { status: response.status, headers })
}
