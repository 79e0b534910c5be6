const allowedHeaders =
  /^(accept|authorization|content-type|dpop|(return-)?client-request-id|x-client-.*|x-app-.*|x-ms-.*|x-anchormailbox)$/i

/**
 * Answers a preflight: any page may call, with the headers that MSAL-like clients send.
 *
 * @param request The `OPTIONS` request.
 * @returns The answer, without a body.
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol Fetch, CORS protocol}
 */
export function answerPreflight(request: Request): Response {
  const asked = request.headers.get('access-control-request-headers')?.split(',') ?? []
  const allowed = asked.map((name) => name.trim()).filter((name) => allowedHeaders.test(name))
  return new Response(null, {
    status: 204,
    headers: {
      allow: 'GET, POST, OPTIONS',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': allowed.join(', '),
      'access-control-max-age': '86400',
    },
  })
}
