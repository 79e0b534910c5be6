import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { isAuthError } from '@latchkey/core'
import {
  dpop,
  memoryReplays,
  proofChallenge,
  proofNonces,
  signedHttpRequest,
  verifyDpopProof,
  verifySignedHttpRequest,
  type ProofCheckOptions,
  type VerifySignedHttpRequestOptions,
} from '@latchkey/pop'
import { signJwt } from '../src/oauth/signJwt.js'
import { verifyProof } from '../src/verify/verifyProof.js'
import { createKeyPair } from './fixtures/keys.js'

const seconds = 1_800_000_000
const now = (): number => seconds * 1000
const issuer = 'https://login.example/v2.0'
const audience = 'api://orders'
const url = 'https://api.example/orders/1?a=1&b=2'

let issuerKeys: CryptoKeyPair
let keys: ProofCheckOptions['keys']
beforeAll(async () => {
  issuerKeys = await generateKeyPair('RS256')
  keys = { keys: [{ ...(await exportJWK(issuerKeys.publicKey)), alg: 'RS256', kid: 'k' }] }
})

const tokenFor = (cnf: object | undefined, claims: JWTPayload = {}, key = issuerKeys.privateKey) =>
  new SignJWT({ iss: issuer, aud: audience, exp: seconds + 3600, sub: 'ada', ...(cnf && { cnf }), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(key)

/** A client's scheme, a token for it, and an API that checks. */
async function setUp(type: 'PoP' | 'DPoP', options: Partial<VerifySignedHttpRequestOptions> = {}) {
  const scheme = type === 'PoP' ? signedHttpRequest({ now }) : dpop({ now })
  const keyId = (await scheme.binding()).key_id
  const confirmation = type === 'PoP' ? { kid: keyId } : { jkt: keyId }
  const check = (
    request: Parameters<typeof verifyDpopProof>[0],
    more: Partial<VerifySignedHttpRequestOptions> = {},
  ) => {
    const all = { keys, issuer, audience, now, replays: memoryReplays(), ...options, ...more }
    return type === 'PoP' ? verifySignedHttpRequest(request, all) : verifyDpopProof(request, all)
  }
  const request = async (accessToken?: string, method = 'GET', at = url) => ({
    ...{ method, url: at },
    headers: await scheme.authorize({ method, url: at }, accessToken ?? (await tokenFor(confirmation))),
  })
  return { scheme, keyId, confirmation, check, request }
}
const reason = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: unknown) =>
      isAuthError(error) && error.code === 'access_denied'
        ? `${error.error}: ${error.errorDescription}`
        : String(error),
  )

describe.each(['PoP', 'DPoP'] as const)('%s', (type) => {
  const code = type === 'PoP' ? 'invalid_token' : 'invalid_dpop_proof'

  test('a request with its proof is taken', async () => {
    const { check, request, keyId } = await setUp(type)
    expect(await check(await request())).toMatchObject({ keyId, claims: { sub: 'ada' } })
    const plain = await request()
    expect(await check(new Request(url, { headers: plain.headers }))).toMatchObject({ keyId })
  })

  test('a request for something else is not', async () => {
    const { check, request } = await setUp(type)
    const from = async (change: object) => reason(check({ ...(await request()), ...change }))
    expect(await from({ method: 'DELETE' })).toContain('another method')
    expect(await from({ url: 'https://other.example/orders/1?a=1&b=2' })).toContain('for another')
    expect(await from({ url: 'https://api.example:8443/orders/1?a=1&b=2' })).toContain('for another')
    expect(await from({ url: 'https://api.example/orders/2?a=1&b=2' })).toContain('for another')
    const query = await from({ url: 'https://api.example/orders/1?a=2' })
    if (type === 'PoP') expect(query).toContain('another query')
    else expect(query).toBe('taken') // not in a DPoP proof
    expect(await reason(check(await request(), { methods: ['POST'] }))).toContain('method')
    // The address that the client called, where a proxy changed it.
    expect(await reason(check({ ...(await request()), url: 'http://10.0.0.1/' }, { url }))).toBe('taken')
  })

  test('a token of another key, of nobody, or of no key is not', async () => {
    const { check, request, confirmation } = await setUp(type)
    const other = await setUp(type)
    const of = async (token: string) => reason(check(await request(token)))
    expect(await of(await tokenFor(other.confirmation))).toContain('bound to another key')
    expect(await of(await tokenFor(undefined))).toContain('bound to another key')
    const { privateKey } = await generateKeyPair('RS256')
    for (const token of [
      await tokenFor(confirmation, {}, privateKey),
      await tokenFor(confirmation, { iss: 'https://evil.example' }),
      await tokenFor(confirmation, { aud: 'api://other' }),
      await tokenFor(confirmation, { exp: seconds - 61 }),
      await tokenFor(confirmation, { nbf: seconds + 61 }),
      'opaque',
    ])
      expect(await of(token)).toBe('invalid_token: the token is not valid')
  })

  test.each([
    [-301, 'too old'],
    [-300, 'taken'],
    [300, 'taken'],
    [301, 'too old'],
  ])('a proof %i s from now: %s', async (shift, expected) => {
    const { check, request } = await setUp(type)
    expect(await reason(check(await request(), { now: () => now() - shift * 1000, maxAge: 300 }))).toContain(expected)
  })

  test('a proof is taken once, however often it comes at once', async () => {
    const { check, request } = await setUp(type)
    const replays = memoryReplays()
    const same = await request()
    const answers = await Promise.all(Array.from({ length: 5 }, () => reason(check(same, { replays }))))
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1)
    expect(answers.filter((answer) => answer === `${code}: the proof was used before`)).toHaveLength(4)
    expect(await reason(check(await request(), { replays }))).toBe('taken')
  })

  test('a nonce is wanted, given, taken, and over', async () => {
    let time = now()
    const nonces = proofNonces({ now: () => time, lifetime: 60 })
    const { check, request, scheme } = await setUp(type, { nonces })
    const error: unknown = await check(await request()).catch((error: unknown) => error)
    const headers = new Headers(await proofChallenge(type, error, nonces))
    expect(scheme.inspect({ status: 401, headers }, url)).toBe(true)
    expect(await reason(check(await request()))).toBe('taken')
    expect(await reason(check(await request(), { nonces: proofNonces() }))).toContain('a nonce is missing')
    time += 61_000
    expect(await reason(check(await request()))).toContain('a nonce is missing')
  })

  test.each<[string, (value: string) => string]>([
    ['nothing', () => ''],
    ['a bearer token', (value) => value.replace(/^\S+/, 'Bearer')],
    ['words', () => `${type} a b c`],
    ['no JWT', () => `${type} abc`],
    ['very much', () => `${type} ${'a'.repeat(40_000)}`],
    ['a cut signature', (value) => value.slice(0, -20)],
  ])('%s is refused', async (_name, change) => {
    const { check, request } = await setUp(type)
    const { headers, ...rest } = await request()
    expect(
      await reason(check({ ...rest, headers: { ...headers, authorization: change(headers['authorization']!) } })),
    ).toMatch(/^invalid_/)
  })

  test('arguments that are wrong are mistakes of the program', async () => {
    const { check, request } = await setUp(type)
    const fine = await request()
    for (const more of [
      { keys: {} },
      { issuer: '' },
      { issuer: [], audience: undefined },
      { audience: '' },
      { url: '/a' },
      { maxAge: 0 },
    ])
      await expect(check(fine, more as never)).rejects.toBeInstanceOf(TypeError)
    await expect(check(null as never)).rejects.toBeInstanceOf(TypeError)
    await expect(proofChallenge('Bearer' as never, {})).rejects.toBeInstanceOf(TypeError)
    const bug = new Error('a bug')
    await expect(proofChallenge(type, bug)).rejects.toBe(bug)
  })
})

describe('what is signed by hand', () => {
  const at = (keyId: string) => tokenFor({ kid: keyId, jkt: keyId })
  async function send(header: object, payload: object, options: object = {}) {
    const { keyPair, jwk, kid } = await createKeyPair('ES256')
    const full = {
      at: await at(kid),
      ts: seconds,
      m: 'GET',
      u: 'api.example',
      p: '/orders/1',
      cnf: { jwk },
      ...payload,
    }
    const signed = await signJwt(keyPair.privateKey, { typ: 'pop', ...header }, full)
    const request = { method: 'GET', url, headers: { authorization: `PoP ${signed}` } }
    return reason(
      verifySignedHttpRequest(request, { keys, issuer, audience, now, replays: memoryReplays(), ...options }),
    )
  }
  const q = [[], 'a=1&b=2']

  test('must be as clients sign it', async () => {
    expect(await send({}, { q })).toBe('taken')
    expect(await send({}, {})).toContain('another query')
    expect(await send({}, {}, { unsigned: ['q'] })).toBe('taken')
    expect(await send({}, { q: [[], 'a=2'] }, { unsigned: ['q'] })).toContain('another query')
    expect(await send({}, { q, m: undefined })).toContain('another method')
    expect(await send({}, { q, m: undefined }, { unsigned: ['m'] })).toBe('taken')
    expect(await send({}, { q, p: '/orders/1/' })).toBe('taken')
    expect(await send({ typ: 'JWT' }, { q })).toContain('not of type pop')
    expect(await send({}, { q }, { algorithms: ['RS256'] })).toContain('algorithm')
    expect(await send({}, { q, at: 1 })).toContain('no token')
    expect(await send({}, { q, ts: `${seconds}` })).toContain('too old')
    expect(await send({}, { q, cnf: { jwk: (await createKeyPair('ES256')).jwk } })).toContain('not valid')
    expect(await send({}, { q, cnf: { kid: 'k' } })).toContain('no public key')
    expect(await send({}, { q, cnf: { jwk: { kty: 'oct', k: 'AAAA' } } })).toContain('no public key')
  })

  test('may have the draft’s digest of the query', async () => {
    const digest = async (text: string) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url')
    expect(await send({}, { q: [['b', 'a'], await digest('b=2&a=1')] })).toBe('taken')
    expect(await send({}, { q: [['b'], await digest('b=2')] })).toContain('another query')
  })

  test.each(['none', 'HS256'])('with %s is refused', async (alg) => {
    const { jwk, kid } = await createKeyPair('ES256')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forged = `${part({ typ: 'pop', alg })}.${part({ at: await at(kid), ts: seconds, cnf: { jwk } })}.c2ln`
    const request = { method: 'GET', url, headers: { authorization: `PoP ${forged}` } }
    expect(await reason(verifySignedHttpRequest(request, { keys, issuer, audience, now }))).toContain('algorithm')
  })
})

test('the proof of RFC 9449, section 4.2, is one', async () => {
  const proof =
    'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg'
  const keyOf = (header: object): unknown => (header as { jwk: unknown }).jwk
  expect(await verifyProof(proof, 'dpop+jwt', keyOf, { keys, issuer, audience }, 'invalid_dpop_proof')).toEqual({
    keyId: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I', // section 6.1
    payload: { jti: '-BwC3ESc6acc2lTc', htm: 'POST', htu: 'https://server.example.com/token', iat: 1562262616 },
  })
})

test('the digest of a token is that of RFC 9449, section 7.1', async () => {
  const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
  const { dpop: proof = '' } = await dpop({ now }).authorize({ method: 'GET', url }, token)
  const payload = JSON.parse(Buffer.from(proof.split('.')[1]!, 'base64url').toString()) as { ath: string }
  expect(payload.ath).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
})

test('memory keeps as many proofs as it is told, the newest', async () => {
  const replays = memoryReplays(2)
  const take = (id: string) => replays.take(id, 0)
  expect([take('a'), take('b'), take('b'), take('c'), take('a')]).toEqual([true, true, false, true, true])
  expect(() => memoryReplays(0)).toThrow(TypeError)
})
