import { expect } from './arguments/expect.js'
import type { AuthenticationResult } from './AuthenticationResult.js'
import { isLoopback } from './authority/parseAuthority.js'
import { claimsChallenge } from './oauth/claimsChallenge.js'

/** Gets the token for one request: from the cache, or, where the resource challenged the last one, with these claims. */
export type AcquireToken = (request: {
  /** The resource's challenge. */
  readonly claims?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}) => Promise<Pick<AuthenticationResult, 'accessToken' | 'tokenType'>>

/** How {@link authorizedFetch} sends. */
export interface AuthorizedFetchOptions {
  /** The only origins that may get the token, such as `https://graph.microsoft.com`. Default: whatever is asked for. */
  readonly origins?: readonly string[] | undefined
  /** What sends requests. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Makes a `fetch` for a resource: it attaches a token, and answers one claims challenge with one more try.
 *
 * A request whose body is a stream is not sent twice: its challenge comes back as the answer.
 *
 * @param acquireToken Such as `({ claims, signal }) => acquireTokenSilent(client, { scopes, account, claims, signal })`.
 * @param options Where the token may go, and what sends.
 * @returns The `fetch`; it rejects with what `acquireToken` rejects with, and with a `TypeError` for an address that must not get the token.
 * @throws {TypeError} when an argument is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750, section 2.1}
 */
export function authorizedFetch(
  acquireToken: AcquireToken,
  options: AuthorizedFetchOptions = {},
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const { origins, fetch = globalThis.fetch } = options
  expect(typeof acquireToken === 'function', 'acquireToken', 'a function that gives a token')
  expect(typeof fetch === 'function', 'fetch', 'a function')
  expect(
    origins === undefined || (Array.isArray(origins) && origins.every(isOrigin)),
    'origins',
    'origins such as https://api.example',
  )
  return async (input, init = {}) => {
    const request = new Request(input, init)
    const { protocol, hostname, origin } = new URL(request.url)
    const isSecure = protocol === 'https:' || isLoopback(hostname)
    expect(isSecure && (origins?.includes(origin) ?? true), 'the address', `one that may get the token, not ${origin}`)
    const { signal } = request
    const send = async (once: Request, claims?: string): Promise<Response> => {
      const { accessToken, tokenType } = await acquireToken({ claims, signal })
      once.headers.set('authorization', `${tokenType} ${accessToken}`)
      return fetch(once)
    }
    if (init.body instanceof ReadableStream) return send(request)
    const response = await send(request.clone())
    const claims = response.status === 401 ? claimsChallenge(response) : undefined
    if (!claims) return response
    await response.body?.cancel()
    return send(request, claims)
  }
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
}
