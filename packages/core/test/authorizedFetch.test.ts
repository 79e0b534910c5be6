import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { authorizedFetch, claimsChallenge, parseWwwAuthenticate } from '@latchkey/core'
import { rejection } from './fixtures/tokenService.js'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1800000000"}}}'
const encoded = Buffer.from(claims).toString('base64')
const challenge = `Bearer realm="", error="insufficient_claims", claims="${encoded}"`

describe('a header', () => {
  test.each<[header: string, challenges: object[]]>([
    ['Bearer', [{ scheme: 'bearer', parameters: {} }]],
    [
      'Bearer realm="a, b", error=invalid_token',
      [{ scheme: 'bearer', parameters: { realm: 'a, b', error: 'invalid_token' } }],
    ],
    ['Bearer realm = "a"', [{ scheme: 'bearer', parameters: { realm: 'a' } }]],
    [String.raw`Bearer realm="a \"b\" \\"`, [{ scheme: 'bearer', parameters: { realm: String.raw`a "b" \ `.trim() } }]],
    [
      'Basic realm="x", Bearer Realm="y", DPoP algs="ES256"',
      [
        { scheme: 'basic', parameters: { realm: 'x' } },
        { scheme: 'bearer', parameters: { realm: 'y' } },
        { scheme: 'dpop', parameters: { algs: 'ES256' } },
      ],
    ],
    ['Bearer a=1, a=2', [{ scheme: 'bearer', parameters: { a: '1' } }]],
    ['', []],
  ])('%s', (header, challenges) => {
    expect(parseWwwAuthenticate(header)).toEqual(challenges)
  })

  test('of any kind is read without an error, and pollutes nothing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('Bearer', '"', '=', ',', ' ', '\\', '__proto__') }),
    )
    fc.assert(
      fc.property(text, (header) => {
        for (const { scheme, parameters } of parseWwwAuthenticate(header)) {
          expect(scheme).toBe(scheme.toLowerCase())
          expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype)
        }
        claimsChallenge(header)
      }),
    )
    parseWwwAuthenticate('Bearer __proto__="x", constructor="y"')
    expect({}).not.toHaveProperty('x')
  })

  test('of any length is read in no more time than it takes', () => {
    for (const part of ['"', '\\"', 'a=', 'a="', ', ', 'Bearer '])
      expect(parseWwwAuthenticate(part.repeat(1_000_000)).length).toBeLessThan(16_384)
  })
})

describe('a challenge', () => {
  test.each([
    ['base64', challenge],
    [
      'base64url without padding',
      `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64url')}"`,
    ],
    ['JSON', `Bearer error="insufficient_claims", claims="${claims.replaceAll('"', '\\"')}"`],
    ['behind another scheme', `PoP realm="x", ${challenge}`],
  ])('as %s', (_name, header) => {
    expect(JSON.parse(claimsChallenge(header)!)).toEqual(JSON.parse(claims))
    const response = new Response('', { status: 401, headers: { 'www-authenticate': header } })
    expect(claimsChallenge(response)).toBe(claimsChallenge(header))
  })

  test.each([
    ['of another error', `Bearer error="invalid_token", claims="${encoded}"`],
    ['without claims', 'Bearer error="insufficient_claims"'],
    ['of something else', 'Bearer error="insufficient_claims", claims="bm90IGpzb24"'],
    ['of a list', `Bearer error="insufficient_claims", claims="${Buffer.from('[1]').toString('base64')}"`],
    ['that is none', null],
  ])('%s is none', (_name, header) => {
    expect(claimsChallenge(header)).toBeUndefined()
  })

  test('in a number is a mistake of the program', () => {
    expect(() => claimsChallenge(5 as never)).toThrow(TypeError)
  })
})

/** A resource that answers in turn, and what it was asked. */
function begin(answers: (() => Response)[], options: { origins?: string[] } = {}) {
  const asked: { url: string; authorization: string | null; body: string }[] = []
  const wishes: (string | undefined)[] = []
  const fetch = async (input: unknown): Promise<Response> => {
    const request = input as Request
    asked.push({ url: request.url, authorization: request.headers.get('authorization'), body: await request.text() })
    return (answers[asked.length - 1] ?? answers.at(-1)!)()
  }
  const send = authorizedFetch(
    async ({ claims }) => {
      wishes.push(claims)
      return { accessToken: `AT-${wishes.length}`, tokenType: 'Bearer' }
    },
    { fetch, ...options },
  )
  return { send, asked, wishes }
}
const refuse = () => new Response('', { status: 401, headers: { 'www-authenticate': challenge } })
const accept = () => new Response('fine')

describe('the wrapper', () => {
  test('attaches a token', async () => {
    const { send, asked, wishes } = begin([accept])
    expect(await (await send('https://api.example/x', { headers: { authorization: 'Bearer other' } })).text()).toBe(
      'fine',
    )
    expect(asked).toEqual([{ url: 'https://api.example/x', authorization: 'Bearer AT-1', body: '' }])
    expect(wishes).toEqual([undefined])
  })

  test.each<[string, (url: string) => Parameters<ReturnType<typeof authorizedFetch>>]>([
    ['a text', (url) => [url, { method: 'POST', body: 'the body' }]],
    ['a URL', (url) => [new URL(url), { method: 'POST', body: 'the body' }]],
    ['a request', (url) => [new Request(url, { method: 'POST', body: 'the body' })]],
  ])('answers one challenge to %s, with the body again', async (_name, call) => {
    const { send, asked, wishes } = begin([refuse, accept])
    expect((await send(...call('https://api.example/x'))).status).toBe(200)
    expect(asked.map(({ authorization, body }) => [authorization, body])).toEqual([
      ['Bearer AT-1', 'the body'],
      ['Bearer AT-2', 'the body'],
    ])
    expect(wishes.map((one) => one && JSON.parse(one))).toEqual([undefined, JSON.parse(claims)])
  })

  test('answers no second one', async () => {
    const { send, asked } = begin([refuse])
    expect((await send('https://api.example/')).status).toBe(401)
    expect(asked).toHaveLength(2)
  })

  test('sends a stream once', async () => {
    const { send, asked } = begin([refuse, accept])
    const body = new Blob(['a stream']).stream()
    const init = { method: 'POST', body, duplex: 'half' }
    expect((await send('https://api.example/', init)).status).toBe(401)
    expect(asked.map(({ body }) => body)).toEqual(['a stream'])
  })

  test.each([
    ['http://api.example/', {}],
    ['https://evil.example/', { origins: ['https://api.example'] }],
    ['https://api.example.evil.example/', { origins: ['https://api.example'] }],
    ['https://api.example@evil.example/', { origins: ['https://api.example'] }],
    ['https://api.example:8443/', { origins: ['https://api.example'] }],
  ])('gives no token to %s', async (url, options) => {
    const { send, asked, wishes } = begin([accept], options)
    expect(await rejection(send(url))).toBeInstanceOf(TypeError)
    expect([asked, wishes]).toEqual([[], []])
  })

  test.each([
    [undefined, {}],
    [5, {}],
    [async () => ({}), { origins: ['api.example'] }],
    [async () => ({}), { origins: 'https://api.example' }],
    [async () => ({}), { origins: ['https://api.example/path'] }],
    [async () => ({}), { fetch: 'fetch' }],
  ])('is not made of %s with %o', (acquireToken, options) => {
    expect(() => authorizedFetch(acquireToken as never, options as never)).toThrow(TypeError)
  })
})
