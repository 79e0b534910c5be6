import { expect } from './arguments/expect.js'
import type { AuthenticationResult } from './AuthenticationResult.js'
import { isLoopback } from './authority/parseAuthority.js'
import { claimsChallenge } from './oauth/claimsChallenge.js'
import type { TokenScheme } from './ports/tokenScheme.js'

/**
 * Gets the token for one request: from the cache, or, where the resource challenged the last one, with these claims.
 *
 * What has no other token than the one that was challenged gives none: the challenge is the answer then.
 */
export type AcquireToken = (request: {
  /** The resource's challenge. */
  readonly claims?: string | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}) => Promise<Pick<AuthenticationResult, 'accessToken' | 'tokenType'> | undefined>

/** How {@link authorizedFetch} sends. */
export interface AuthorizedFetchOptions {
  /** The only origins that may get the token, such as `https://graph.microsoft.com`. Default: whatever is asked for. */
  readonly origins?: readonly string[] | undefined
  /** What binds the token, the same that it is acquired with: each request then carries a proof. Default: none, a bearer token. */
  readonly scheme?: TokenScheme | undefined
  /** What sends requests. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Makes a `fetch` for a resource: it attaches a token, and answers one claims challenge with one more try.
 *
 * With a scheme, the proof of possession is made anew for each try, and one challenge for a nonce is answered as well.
 * A request whose body is a stream is not sent twice: its challenge comes back as the answer.
 *
 * @param acquireToken Such as `({ claims, signal }) => acquireTokenSilent(client, { scopes, account, claims, signal })`.
 * @param options Where the token may go, what binds it, and what sends.
 * @returns The `fetch`; it rejects with what `acquireToken` rejects with, and with a `TypeError` for an address that must not get the token.
 * @throws {TypeError} when an argument is wrong.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750, section 2.1}
 */
export function authorizedFetch(
  acquireToken: AcquireToken,
  options: AuthorizedFetchOptions = {},
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const { origins, scheme, fetch = globalThis.fetch } = options
  expect(typeof acquireToken === 'function', 'acquireToken', 'a function that gives a token')
  expect(typeof fetch === 'function', 'fetch', 'a function')
  expect(
    origins === undefined || (Array.isArray(origins) && origins.every(isOrigin)),
    'origins',
    'origins such as https://api.example',
  )
  expect(scheme === undefined || typeof scheme?.authorize === 'function', 'scheme', 'what binds the token')
  return async (input, init = {}) => {
    const request = new Request(input, init)
    const { url, method, signal } = request
    const { protocol, hostname, origin } = new URL(url)
    const isSecure = protocol === 'https:' || isLoopback(hostname)
    expect(isSecure && (origins?.includes(origin) ?? true), 'the address', `one that may get the token, not ${origin}`)
    const isOnce = init.body instanceof ReadableStream
    let token = await acquireToken({ claims: undefined, signal })
    let claims: string | undefined
    for (let wantsNonce = true; ;) {
      expect(token, 'acquireToken', 'a function that gives a token')
      const { accessToken, tokenType } = token
      expect(!scheme || !/^bearer$/i.test(tokenType), 'acquireToken', 'one that passes the scheme on')
      const headers = (await scheme?.authorize({ method, url }, accessToken)) ?? {
        authorization: `${tokenType} ${accessToken}`,
      }
      const once = isOnce ? request : request.clone()
      for (const [name, value] of Object.entries(headers)) once.headers.set(name, value)
      const response = await fetch(once)
      const hasNonce = scheme?.inspect(response, url)
      if (isOnce || response.status !== 401) return response
      if (hasNonce && wantsNonce) wantsNonce = false
      else {
        claims = claims === undefined ? claimsChallenge(response) : undefined
        const next = claims === undefined ? undefined : await answerOf(response, acquireToken({ claims, signal }))
        if (!next) return response
        token = next
      }
      await response.body?.cancel()
    }
  }
}

/** Waits for another token; where there is an error in its place, nobody will read the response. */
async function answerOf<T>(response: Response, token: Promise<T>): Promise<T> {
  try {
    return await token
  } catch (error) {
    await response.body?.cancel()
    throw error
  }
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
}
