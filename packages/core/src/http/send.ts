import { AuthError } from '../AuthError.js'
import type { Client } from '../client/client.js'
import { abortable } from './abortable.js'
import { readBody } from './readBody.js'
import { retryAfter } from './retryAfter.js'
import { wait } from './wait.js'

/** A request as the flows make it. */
export interface HttpRequest {
  /** The method. */
  readonly method: 'GET' | 'POST'
  /** An absolute URL. */
  readonly url: string
  /** Names and values. */
  readonly headers: Record<string, string>
  /** The body as it is sent. */
  readonly body?: string
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** For what can be redeemed once: it is never sent again. */
  readonly once?: boolean
  /** Whether a 400 may mean no more than "not yet", so that the same request makes sense again. */
  readonly poll?: boolean
  /** A time limit other than the client's, in milliseconds. */
  readonly timeout?: number
}

/** A response read to its end. */
export interface HttpResponse {
  /** The HTTP status. */
  readonly status: number
  /** The headers. */
  readonly headers: Headers
  /** The body, at most 1 MiB. */
  readonly text: string
}

/**
 * Sends a request: the only place that calls `fetch`.
 *
 * One time limit holds for headers and body together; a reset and a 500, 502, 503 or 504 are tried again.
 *
 * @param client Gives `fetch`, the time limit (ms), the number of retries and the clock.
 * @param request What to send.
 * @returns The response, whatever its status.
 * @throws {AuthError} `network_error`, `timeout`, `user_cancelled` (the signal was aborted), `invalid_response` (too large).
 */
export async function send(client: Client, request: HttpRequest): Promise<HttpResponse> {
  for (let retries = request.once ? 0 : client.maxRetries, step = 200; ; retries--, step *= 2) {
    let delay = 50 + Math.random() * step
    try {
      const response = await sendOnce(client, request)
      delay = 1000 * (retryAfter(response.headers, client.now()) ?? delay / 1000)
      // A server that asks for more than 3 s gets no second try now.
      if (retries < 1 || delay > 3000 || !/50[0234]/.test(`${response.status}`)) return response
    } catch (error) {
      if (retries < 1 || (error as AuthError).code !== 'network_error') throw error
    }
    await wait(delay, request.signal)
  }
}

async function sendOnce(client: Client, request: HttpRequest): Promise<HttpResponse> {
  const { method, url, headers, body = null, signal, timeout = client.timeout } = request
  const { host } = new URL(url)
  const { fetch = globalThis.fetch } = client
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new AuthError('timeout', `Cannot reach ${host}: ${timeout} ms over`)),
    timeout,
  )
  const exchange = async (): Promise<HttpResponse> => {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: controller.signal })
    return { status: response.status, headers: response.headers, text: await readBody(response.body) }
  }
  try {
    // Not left to fetch alone: an injected one, or its body, may not listen to the signal.
    return await abortable(abortable(exchange(), controller.signal), signal)
  } catch (cause) {
    controller.abort(cause)
    if (cause instanceof AuthError) throw cause
    // Undici says only "fetch failed" and keeps the reason (ECONNREFUSED, ENOTFOUND …) one step down.
    const { code } = Object((cause as Error | undefined)?.cause ?? cause) as { code?: unknown }
    throw new AuthError('network_error', `Cannot reach ${host}: ${code || 'failed'}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}
