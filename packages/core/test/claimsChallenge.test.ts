import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { claimsChallenge, parseWwwAuthenticate } from '@latchkey/core'

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
const encoded = Buffer.from(claims).toString('base64')

describe('parseWwwAuthenticate', () => {
  test.each<[string, string, ReturnType<typeof parseWwwAuthenticate>]>([
    ['a scheme alone', 'Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
    ['parameters', 'Bearer realm="", error="x"', [{ scheme: 'bearer', parameters: { realm: '', error: 'x' } }]],
    [
      'values without quotes',
      'Bearer error=insufficient_claims,realm=a',
      [{ scheme: 'bearer', parameters: { error: 'insufficient_claims', realm: 'a' } }],
    ],
    [
      'blanks around',
      'Bearer  error = "x" ,  realm\t=\t"y"',
      [{ scheme: 'bearer', parameters: { error: 'x', realm: 'y' } }],
    ],
    ['names in capitals', 'BEARER Error="X"', [{ scheme: 'bearer', parameters: { error: 'X' } }]],
    [
      'commas and equal signs in quotes',
      'Bearer claims="a=b, c=d", error="e"',
      [{ scheme: 'bearer', parameters: { claims: 'a=b, c=d', error: 'e' } }],
    ],
    [
      'escapes in quotes',
      'Bearer a="say \\"no\\" \\\\ now"',
      [{ scheme: 'bearer', parameters: { a: 'say "no" \\ now' } }],
    ],
    ['padding', `Bearer claims=${encoded}==`, [{ scheme: 'bearer', parameters: { claims: `${encoded}==` } }]],
    [
      'several challenges',
      'Bearer realm="a", PoP nonce="n", error="x", Basic',
      [
        { scheme: 'bearer', parameters: { realm: 'a' } },
        { scheme: 'pop', parameters: { nonce: 'n', error: 'x' } },
        { scheme: 'basic', parameters: {} },
      ],
    ],
    [
      'the first of two of a name',
      'Bearer error="one", ERROR="two"',
      [{ scheme: 'bearer', parameters: { error: 'one' } }],
    ],
    ['parameters of nobody', 'error="x", Bearer realm="a"', [{ scheme: 'bearer', parameters: { realm: 'a' } }]],
    ['nothing', '', []],
  ])('reads %s', (_name, header, expected) => {
    expect(parseWwwAuthenticate(header)).toEqual(expected)
  })

  test.each([null, undefined])('%s is no challenge', (header) => {
    expect(parseWwwAuthenticate(header)).toEqual([])
    expect(claimsChallenge(header)).toBeUndefined()
  })

  test.each([5, {}, []])('%j is a mistake of the program', (header) => {
    expect(() => parseWwwAuthenticate(header as never)).toThrow(TypeError)
  })

  test('names that mean something to JavaScript are names like others', () => {
    const [challenge] = parseWwwAuthenticate('Bearer __proto__="a", constructor="b", toString="c"')
    expect(Object.entries(challenge!.parameters)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['tostring', 'c'],
    ])
    expect(({} as { a?: string }).a).toBeUndefined()
  })

  test('reads no more than 16,384 characters, and none of them twice', () => {
    expect(parseWwwAuthenticate(`Bearer ${'x'.repeat(16_384)}, error="e"`)[0]?.parameters).toEqual({})
    expect(parseWwwAuthenticate(`${' '.repeat(16_384)}Bearer`)).toEqual([])
    // What would take a careless expression for ever.
    for (const piece of ['a="', '\\"', '= ', 'a ', '"', '\\', 'a=', ',', '\t='])
      expect(parseWwwAuthenticate(`Bearer ${piece.repeat(1_000_000)}`).length).toBeLessThan(16_384)
  })

  test('survives any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 100 }),
          fc.string({ unit: fc.constantFrom('Bearer', '"', '=', ',', ' ', '\\', 'claims', '__proto__') }),
        ),
        (header) => {
          for (const { scheme, parameters } of parseWwwAuthenticate(header)) {
            expect(scheme).toBe(scheme.toLowerCase())
            for (const value of Object.values(parameters)) expect(typeof value).toBe('string')
          }
          claimsChallenge(header)
        },
      ),
    )
  })

  test('what was written is read', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
    const challenge = fc.record({
      scheme: token,
      parameters: fc.dictionary(token, fc.string({ maxLength: 20 }), { noNullPrototype: true }),
    })
    const quote = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const header = challenges
          .map(
            ({ scheme, parameters }) =>
              `${scheme} ${Object.entries(parameters)
                .map(([name, value]) => `${name}=${quote(value)}`)
                .join(', ')}`,
          )
          .join(', ')
        expect(parseWwwAuthenticate(header)).toEqual(challenges)
      }),
    )
  })
})

describe('claimsChallenge', () => {
  test.each([
    ['base64', encoded],
    ['base64url', Buffer.from(claims).toString('base64url')],
    ['JSON', claims.replaceAll('"', '\\"')],
  ])('finds the claims as %s', (_name, written) => {
    const header = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${written}"`
    expect(claimsChallenge(header)).toBe(claims)
    expect(claimsChallenge(new Response('', { status: 401, headers: { 'www-authenticate': header } }))).toBe(claims)
  })

  test('finds them in the second challenge, and in another scheme', () => {
    expect(claimsChallenge(`Basic realm="x", PoP error="insufficient_claims", claims="${encoded}"`)).toBe(claims)
    expect(claimsChallenge(`Bearer error="invalid_token", Bearer error=Insufficient_Claims, claims="${encoded}"`)).toBe(
      claims,
    )
  })

  test('finds them with characters of every language', () => {
    const text = '{"access_token":{"x":{"value":"größer – 日本"}}}'
    expect(
      claimsChallenge(`Bearer error="insufficient_claims", claims="${Buffer.from(text).toString('base64')}"`),
    ).toBe(text)
  })

  test.each([
    ['another error', `Bearer error="invalid_token", claims="${encoded}"`],
    ['no error', `Bearer claims="${encoded}"`],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['half a quote', `Bearer error="insufficient_claims", claims="${encoded}`],
    ['empty claims', 'Bearer error="insufficient_claims", claims=""'],
    ['claims that are no JSON', 'Bearer error="insufficient_claims", claims="bm9uc2Vuc2U="'],
    ['claims that are a list', `Bearer error="insufficient_claims", claims="${Buffer.from('[1]').toString('base64')}"`],
    ['claims that are no base64', 'Bearer error="insufficient_claims", claims="%%%"'],
    [
      'an empty object, which asks for nothing',
      `Bearer error="insufficient_claims", claims="${Buffer.from('{}').toString('base64')}"`,
    ],
  ])('%s is no challenge', (_name, header) => {
    expect(claimsChallenge(header)).toBeUndefined()
  })

  test('an answer without the header holds none', () => {
    expect(claimsChallenge(new Response('', { status: 401 }))).toBeUndefined()
  })

  test.each([5, true, Symbol('x')])('%s is a mistake of the program', (given) => {
    expect(() => claimsChallenge(given as never)).toThrow(TypeError)
  })

  test.each([{}, [], new Map()])('%j is a mistake of the program, too', (given) => {
    expect(() => claimsChallenge(given as never)).toThrow(TypeError)
  })
})
