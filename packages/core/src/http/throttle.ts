import type { Client } from '../client/client.js'
import { keepResponse, readResponse } from './httpCache.js'
import { redact } from './redact.js'
import { retryAfter } from './retryAfter.js'
import { send, type HttpRequest, type HttpResponse } from './send.js'
import { sha256 } from './sha256.js'

/**
 * Sends a POST unless the same one was refused a moment ago: then that answer is given again without a request.
 *
 * A 429, a 5xx or any `Retry-After` blocks all requests of this client for the same scope and user (60 s by default for public
 * clients, 5 s for confidential ones, 3,600 s at most); a plain 400 blocks only its exact repetition, for 60 s; with another
 * proof (RFC 9449) it is another request.
 *
 * @param client Whose `httpCache` and clock.
 * @param request The request.
 * @returns The response, new or repeated; the repeated one says in `Retry-After` how long it will be.
 * @throws {AuthError} as {@link send} does.
 */
export async function sendThrottled(
  client: Client,
  request: HttpRequest & { readonly body: string },
): Promise<HttpResponse> {
  const { httpCache, now, clientId, kind } = client
  const { url, body } = request
  const form = Object.fromEntries(new URLSearchParams(body))
  const { scope, refresh_token: token, code, username, assertion } = form
  // Keys are digests, never what they digest: the cache may be written to a disk.
  const repetition = (): Promise<string> => sha256(url + body + request.headers['dpop'])
  const group = (): Promise<string> =>
    sha256(JSON.stringify([url, clientId, scope, token ?? code ?? username ?? assertion]))
  for (const key of httpCache.size > 0 ? [repetition, group] : []) {
    const stored = readResponse(httpCache, await key(), now())
    if (stored)
      return { ...stored, headers: new Headers({ 'retry-after': `${Math.ceil((stored.until - now()) / 1000)}` }) }
  }
  const response = await send(client, request)
  const { status, headers } = response
  if (status < 400) return response
  const text = redact(response.text, form)
  const blocked = status === 429 || status > 499 || headers.has('retry-after')
  if (blocked || (status === 400 && !request.poll)) {
    const seconds = blocked ? Math.min(3600, retryAfter(headers, now()) ?? (kind === 'public' ? 60 : 5)) : 60
    keepResponse(httpCache, await (blocked ? group : repetition)(), { status, text }, now(), seconds)
  }
  return { ...response, text }
}
