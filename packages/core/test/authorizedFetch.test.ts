import { describe, expect, test, vi } from 'vitest'
import { AuthError, authorizedFetch, type AcquireToken, type AuthorizedFetchOptions } from '@latchkey/core'
import { rejection } from './fixtures/tokenService.js'

const api = 'https://api.example'
const claims = '{"access_token":{"nbf":{"essential":true}}}'
const challenge = (): Response =>
  new Response('challenged', {
    status: 401,
    headers: {
      'www-authenticate': `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
    },
  })

/** An API that answers one after the other, and notes what it was sent. */
function begin(
  answers: (() => Response | Promise<Response>)[] = [() => new Response('ok')],
  options: AuthorizedFetchOptions = {},
) {
  const sent: { url: string; method: string; authorization: string | null; body: string; request: Request }[] = []
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const request = input as Request
    const { url, method, headers } = request
    sent.push({ url, method, authorization: headers.get('authorization'), body: await request.text(), request })
    return (answers[sent.length - 1] ?? answers.at(-1)!)()
  }
  const acquire = vi.fn<AcquireToken>(async ({ claims }) => ({
    accessToken: claims ? 'AT-2' : 'AT-1',
    tokenType: 'Bearer',
  }))
  return { sent, acquire, call: authorizedFetch(acquire, { fetch, ...options }) }
}

test.each<[string, () => string | URL | Request]>([
  ['a text', () => `${api}/me`],
  ['a URL', () => new URL(`${api}/me`)],
  ['a request', () => new Request(`${api}/me`)],
])('attaches a token to %s', async (_name, input) => {
  const { sent, acquire, call } = begin()
  expect(await (await call(input())).text()).toBe('ok')
  expect(sent).toMatchObject([{ url: `${api}/me`, method: 'GET', authorization: 'Bearer AT-1' }])
  expect(acquire).toHaveBeenCalledTimes(1)
})

test('keeps everything else of the request', async () => {
  const { sent, call } = begin()
  await call(`${api}/things?x=1`, {
    method: 'PUT',
    body: 'text',
    headers: { 'x-mark': 'mine', authorization: 'Basic old' },
    redirect: 'manual',
  })
  expect(sent).toMatchObject([{ url: `${api}/things?x=1`, method: 'PUT', body: 'text', authorization: 'Bearer AT-1' }])
  expect(sent[0]?.request.headers.get('x-mark')).toBe('mine')
  expect(sent[0]?.request.redirect).toBe('manual')
})

test('does not change the caller’s request', async () => {
  const request = new Request(`${api}/me`, { headers: { 'x-mark': 'mine' } })
  await begin().call(request)
  expect(request.headers.has('authorization')).toBe(false)
})

test('names the token’s own type', async () => {
  const { sent, acquire, call } = begin()
  acquire.mockResolvedValue({ accessToken: 'AT', tokenType: 'pop' })
  await call(api)
  expect(sent[0]?.authorization).toBe('pop AT')
})

describe('a claims challenge', () => {
  test.each(['text', JSON.stringify({ a: 1 }), new Uint8Array([111, 107]), new URLSearchParams({ a: '1' })])(
    'is answered with one more try, the same body again (%s)',
    async (body) => {
      const { sent, acquire, call } = begin([challenge, () => new Response('ok')])
      const response = await call(api, { method: 'POST', body })
      expect(await response.text()).toBe('ok')
      expect(acquire.mock.calls.map(([{ claims }]) => claims)).toEqual([undefined, claims])
      expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer AT-1', 'Bearer AT-2'])
      expect(sent[1]?.body).toBe(sent[0]?.body)
      expect(sent[0]?.body).toBe(typeof body === 'string' ? body : body instanceof URLSearchParams ? 'a=1' : 'ok')
    },
  )

  test('that comes again is the answer', async () => {
    const { sent, call } = begin([challenge])
    const response = await call(api)
    expect([response.status, await response.text()]).toEqual([401, 'challenged'])
    expect(sent).toHaveLength(2)
  })

  test('to a request whose body is a stream is the answer: the stream is gone', async () => {
    const { sent, call } = begin([challenge])
    const body = new Blob(['streamed']).stream()
    const response = await call(api, { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect([response.status, await response.text()]).toEqual([401, 'challenged'])
    expect(sent).toMatchObject([{ body: 'streamed' }])
  })

  test('to a request object with a body is answered, too', async () => {
    const { sent, call } = begin([challenge, () => new Response('ok')])
    expect((await call(new Request(api, { method: 'POST', body: 'text' }))).status).toBe(200)
    expect(sent.map(({ body }) => body)).toEqual(['text', 'text'])
  })

  test('that nobody can answer is told as the token’s error', async () => {
    const { acquire, call, sent } = begin([challenge])
    const error = new AuthError('interaction_required', 'Cannot go on')
    acquire.mockImplementation(({ claims }) =>
      claims ? Promise.reject(error) : Promise.resolve({ accessToken: 'AT', tokenType: 'Bearer' }),
    )
    expect(await rejection(call(api))).toBe(error)
    expect(sent).toHaveLength(1)
  })

  test('lets go of the answer that nobody reads', async () => {
    let isCancelled = false
    const body = new ReadableStream({ cancel: () => void (isCancelled = true) })
    const { call } = begin([() => new Response(body, challenge()), () => new Response('ok')])
    await call(api)
    expect(isCancelled).toBe(true)
  })
})

describe('what is no claims challenge is the answer', () => {
  test.each<[string, () => Response]>([
    [
      '401 without one',
      () => new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
    ],
    ['403 with one', () => new Response('', { status: 403, headers: challenge().headers })],
    ['200 with one', () => new Response('', { status: 200, headers: challenge().headers })],
    ['500', () => new Response('', { status: 500 })],
  ])('%s', async (_name, answer) => {
    const { sent, call } = begin([answer])
    expect((await call(api)).status).toBe(answer().status)
    expect(sent).toHaveLength(1)
  })

  test('and so is a failure of the network', async () => {
    const { call } = begin([() => Promise.reject(new TypeError('fetch failed'))])
    expect(await rejection(call(api))).toEqual(new TypeError('fetch failed'))
  })
})

describe('the token goes', () => {
  test.each([
    ['http://api.example/me', undefined],
    ['http://127.0.0.1.evil.example', undefined],
    ['http://localhost.evil.example', undefined],
    ['ftp://api.example', undefined],
    ['data:text/plain,x', undefined],
    ['https://evil.example/me', [api]],
    ['https://api.example.evil.example', [api]],
    ['https://api.example:8443', [api]],
    ['http://api.example', [api, 'http://api.example']],
    ['https://api.example', []],
  ])('not to %s (%j)', async (url, origins) => {
    const { sent, acquire, call } = begin(undefined, { origins })
    const error = (await rejection(call(url))) as TypeError
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('Cannot use the address')
    expect(sent).toEqual([])
    expect(acquire).not.toHaveBeenCalled()
  })

  test.each([
    ['https://api.example/me', [api]],
    ['HTTPS://API.example:443/me', [api]],
    ['https://two.example', [api, 'https://two.example']],
    ['http://127.0.0.1:8080/me', undefined],
    ['http://localhost/me', undefined],
    ['http://[::1]:3000/me', undefined],
    ['https://any.example', undefined],
  ])('to %s (%j)', async (url, origins) => {
    const { sent, call } = begin(undefined, { origins })
    await call(url)
    expect(sent).toHaveLength(1)
  })

  test('to no user in an address', async () => {
    for (const url of ['https://user:password@api.example/', 'https://api.example@evil.example/']) {
      const { call, sent } = begin(undefined, { origins: [api] })
      expect(await rejection(call(url))).toBeInstanceOf(TypeError)
      expect(sent).toEqual([])
    }
  })
})

describe('giving up', () => {
  test('is passed on to who gets the token and to who sends', async () => {
    const { acquire, call, sent } = begin()
    const controller = new AbortController()
    await call(api, { signal: controller.signal })
    controller.abort()
    expect(acquire.mock.calls[0]?.[0].signal?.aborted).toBe(true)
    expect(sent[0]?.request.signal.aborted).toBe(true)
  })

  test('while the token is got sends nothing', async () => {
    const { acquire, call, sent } = begin()
    const controller = new AbortController()
    acquire.mockImplementation(
      ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(new AuthError('user_cancelled', 'Cannot go on'))),
        ),
    )
    const calling = rejection(call(api, { signal: controller.signal }))
    controller.abort()
    expect(await calling).toMatchObject({ code: 'user_cancelled' })
    expect(sent).toEqual([])
  })
})

test.each<[string, unknown, object]>([
  ['no function', undefined, {}],
  ['a token', 'AT', {}],
  ['a fetch that is none', () => {}, { fetch: 'fetch' }],
  ['an origin with a path', () => {}, { origins: ['https://api.example/'] }],
  ['an origin that is a host', () => {}, { origins: ['api.example'] }],
  ['origins that are a text', () => {}, { origins: 'https://api.example' }],
  ['an origin that is no text', () => {}, { origins: [new URL('https://api.example')] }],
])('%s is a mistake of the program', (_name, acquireToken, options) => {
  expect(() => authorizedFetch(acquireToken as AcquireToken, options)).toThrow(TypeError)
})
