import { AuthError, isAuthError } from '@latchkey/core'
import { retryAfter, send, wait, type HttpRequest, type HttpResponse } from '@latchkey/core/internal'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'

/** How long an endpoint that is being updated (410) is waited for: IMDS says up to 70 s. */
const gone = { delay: 10_000, retries: 7 }

/**
 * Sends a request, and sends it again while its source says that this makes sense: after a reset, a status that passes, or as
 * `Retry-After` asks. Where nobody listens, that is the answer, unless the client is to be patient.
 *
 * The waits are 1 s, 2 s, 4 s …, each up to a half shorter at random; for a 410, 10 s.
 *
 * @param client The limits, the clock and what sends.
 * @param request The request.
 * @param passing The statuses that pass.
 * @param heard Is told of each answer.
 * @returns The last response, whatever its status.
 * @throws {AuthError} `network_error`, `timeout`, `user_cancelled`, `invalid_response` (too large).
 */
export async function sendWithRetries(
  client: ManagedIdentityClient,
  request: HttpRequest,
  passing: RegExp,
  heard?: () => void,
): Promise<HttpResponse> {
  const { maxRetries, maxRetryDelay, detectionTimeout, now, logger } = client
  // One try at a time: core's own retries are made for a token endpoint.
  const once = { ...client, maxRetries: 0 } as unknown as Parameters<typeof send>[0]
  for (let tries = 0, step = 1000; ; tries++, step *= 2) {
    let delay = step * (1 - Math.random() / 2)
    let left = maxRetries
    let reason: string
    try {
      const response = await send(once, request)
      heard?.()
      const { status, headers } = response
      if (status === 410 && maxRetries > 0) {
        delay = gone.delay
        left = gone.retries
      }
      delay = 1000 * (retryAfter(headers, now()) ?? delay / 1000)
      if (tries >= left || delay > maxRetryDelay || !passing.test(`${status}`)) return response
      reason = `${status}`
    } catch (error) {
      if (tries >= left || !isAuthError(error) || error.code !== 'network_error') throw error
      if (detectionTimeout < Infinity && isNobody(error)) throw error
      reason = error.message
    }
    logger?.('info', `Trying the identity endpoint again in ${Math.round(delay)} ms: ${reason}`)
    await wait(delay, request.signal)
  }
}

/** Where nobody listens, or there is no way to whoever would, the next try finds the same. */
function isNobody({ cause }: AuthError): boolean {
  const { code } = Object((cause as Error | undefined)?.cause ?? cause) as { code?: unknown }
  return /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EACCES|EADDRNOTAVAIL|ConnectionRefused)$/.test(`${code}`)
}
