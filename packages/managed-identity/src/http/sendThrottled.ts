import { keepResponse, readResponse, retryAfter, sha256, type HttpResponse } from '@latchkey/core/internal'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'

/** What is waited for after a refusal that does not say how long, in seconds. */
const usual = 5

/**
 * Sends a GET unless the same one was refused a moment ago: then that answer is given again without a request.
 *
 * That is so after a 429, a 5xx and whatever says `Retry-After`: for as long as that says, or 5 s; never more than an hour.
 *
 * @param client Whose `httpCache` and clock.
 * @param url The address, parameters included.
 * @param send Sends it.
 * @returns The response, new or repeated; the repeated one says in `Retry-After` how long it will be.
 */
export async function sendThrottled(
  { httpCache, now }: ManagedIdentityClient,
  url: string,
  send: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const key = await sha256(`GET ${url}`)
  const stored = readResponse(httpCache, key, now())
  if (stored)
    return { ...stored, headers: new Headers({ 'retry-after': `${Math.ceil((stored.until - now()) / 1000)}` }) }
  const response = await send()
  const { status, headers, text } = response
  if (status === 429 || status > 499 || (status > 299 && headers.has('retry-after')))
    keepResponse(httpCache, key, { status, text }, now(), Math.min(3600, retryAfter(headers, now()) ?? usual))
  return response
}
