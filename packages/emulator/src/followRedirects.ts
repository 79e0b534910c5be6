/** What a request was answered with, and the body that a redirect may ask to send again. */
export interface Answer {
  readonly response: Response
  readonly body: string
}

/**
 * Sends a request and treats redirects as fetch does.
 *
 * @param request The request.
 * @param mode fetch's `redirect`.
 * @param send Answers one request.
 * @returns The last response.
 * @throws {TypeError} for a redirect in mode `error`, and for more than twenty.
 * @see {@link https://fetch.spec.whatwg.org/#http-redirect-fetch Fetch, HTTP-redirect fetch}
 */
export async function followRedirects(
  request: Request,
  mode: RequestRedirect,
  send: (request: Request) => Promise<Answer>,
): Promise<Response> {
  let current = request
  for (let hops = 0; hops <= 20; hops++) {
    const { response, body } = await send(current)
    const location = response.headers.get('location')
    if (mode === 'manual' || ![301, 302, 303, 307, 308].includes(response.status) || location === null) return response
    if (mode === 'error') throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
    current = redirected(current, response.status, new URL(location, current.url), body)
  }
  throw new TypeError('fetch failed', { cause: new Error('redirect count exceeded') })
}

function redirected(request: Request, status: number, url: URL, body: string): Request {
  const headers = new Headers(request.headers)
  if (url.origin !== new URL(request.url).origin) headers.delete('authorization')
  const isKept = status >= 307 || (request.method !== 'POST' && status !== 303)
  if (isKept) {
    const { method } = request
    return new Request(url, { method, headers, ...(body ? { body } : {}), redirect: 'manual' })
  }
  headers.delete('content-type')
  headers.delete('content-length')
  return new Request(url, { headers, redirect: 'manual' })
}
