import { IDBFactory } from 'fake-indexeddb'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { dpop, indexedDbKeys, signedHttpRequest, sshCertificate, type KeyStore } from '@latchkey/pop'
import { publicJwk } from '../src/keys/publicJwk.js'
import { thumbprint } from '../src/keys/thumbprint.js'
import { createKeyPair } from './fixtures/keys.js'

afterEach(() => vi.unstubAllGlobals())
const hour = 3_600_000
const url = 'https://api.example/'

/** A clock that stands still until it is moved. */
function createClock() {
  const clock = { time: 1_800_000_000_000, now: (): number => clock.time }
  return clock
}
const keyOf = async (scheme: { binding(): Promise<{ key_id: string }> }) => (await scheme.binding()).key_id

test('the thumbprint is that of RFC 7638, section 3.1', async () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  const key = await crypto.subtle.importKey(
    'jwk',
    { kty: 'RSA', n, e: 'AQAB', alg: 'RS256' },
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['verify'],
  )
  expect(await thumbprint(await publicJwk(key))).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

test.each(['RS256', 'PS256', 'ES256'] as const)(
  'the key of %s is named by its thumbprint, and cannot be read out',
  async (algorithm) => {
    let stored: CryptoKeyPair | undefined
    const keys: KeyStore = {
      get: () => undefined,
      update: (next) => ({ ...next(undefined), ...((stored = next(undefined).keyPair) && {}) }),
    }
    const scheme = dpop({ algorithm, keys })
    const { dpop: proof = '' } = await scheme.authorize({ method: 'GET', url }, 'AT')
    const { jwk, alg } = decodeProtectedHeader(proof)
    expect(alg).toBe(algorithm)
    expect(await calculateJwkThumbprint(jwk!)).toBe(await keyOf(scheme))
    expect(stored?.privateKey.extractable).toBe(false)
  },
)

describe('rotation', () => {
  test('of signed requests is every 8 hours; tokens of the old key can still be used', async () => {
    const clock = createClock()
    const scheme = signedHttpRequest({ now: clock.now })
    const first = await keyOf(scheme)
    clock.time += 8 * hour - 1
    expect(await keyOf(scheme)).toBe(first)
    clock.time += 1
    const second = await keyOf(scheme)
    expect(second).not.toBe(first)
    const token = `h.${Buffer.from(JSON.stringify({ cnf: { kid: first } })).toString('base64url')}.s`
    const { authorization = '' } = await scheme.authorize({ method: 'GET', url }, token)
    const { cnf } = decodeJwt(authorization.slice(4)) as { cnf: { jwk: JsonWebKey } }
    expect(await thumbprint(cnf.jwk)).toBe(first)
  })

  test('of DPoP is none by default', async () => {
    const clock = createClock()
    const scheme = dpop({ now: clock.now })
    const first = await keyOf(scheme)
    clock.time += 10_000 * hour
    expect(await keyOf(scheme)).toBe(first)
  })

  test('happens once for all who wait', async () => {
    const clock = createClock()
    const scheme = dpop({ now: clock.now, rotateAfter: hour })
    const names = async () => new Set(await Promise.all(Array.from({ length: 20 }, () => keyOf(scheme))))
    const [before] = await names()
    clock.time += hour
    const after = await names()
    expect(after.size).toBe(1)
    expect(after.has(before!)).toBe(false)
  })

  test('never takes a key of one’s own', async () => {
    const clock = createClock()
    const { keyPair, kid } = await createKeyPair('RS256')
    const scheme = signedHttpRequest({ keyPair, now: clock.now, rotateAfter: 1 })
    clock.time += hour
    expect(await keyOf(scheme)).toBe(kid)
  })
})

describe('in IndexedDB', () => {
  test('a key outlives the page, and tabs that start at once agree on it', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory())
    const open = () => dpop({ keys: indexedDbKeys({ name: 'dpop app' }) })
    const [one, two, three] = await Promise.all([keyOf(open()), keyOf(open()), keyOf(open())])
    expect([two, three]).toEqual([one, one])
    expect(await keyOf(open())).toBe(one)
    expect(await keyOf(dpop({ keys: indexedDbKeys({ name: 'dpop other' }) }))).not.toBe(one)
  })

  test('one that is nothing is an error, which the next call does not inherit', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const scheme = dpop({ keys: indexedDbKeys({ name: 'dpop app' }) })
    await expect(scheme.binding()).rejects.toMatchObject({ code: 'storage_unavailable' })
    vi.stubGlobal('indexedDB', new IDBFactory())
    expect(await keyOf(scheme)).toMatch(/^[\w-]{43}$/)
  })
})

describe('wrong options are mistakes of the program', () => {
  test.each<[string, () => unknown]>([
    ['an algorithm', () => dpop({ algorithm: 'none' as never })],
    ['a clock', () => dpop({ now: 1 as never })],
    ['a store', () => dpop({ keys: {} as never })],
    ['a lifetime', () => signedHttpRequest({ rotateAfter: 0 })],
    ['a pair', () => dpop({ keyPair: {} as never })],
    ['nothing', () => dpop(null as never)],
    ['claims', () => signedHttpRequest({ claims: 1 as never })],
    ['a request without a method', () => signedHttpRequest({ request: { url, nonce: 'n' } as never })],
    ['a small method', () => signedHttpRequest({ request: { method: 'get', url, nonce: 'n' } })],
    ['a method of no broker', () => signedHttpRequest({ request: { method: 'HEAD', url, nonce: 'n' } })],
    ['a request without a URL', () => signedHttpRequest({ request: { method: 'GET', nonce: 'n' } as never })],
    ['a request without a nonce', () => signedHttpRequest({ request: { method: 'GET', url } as never })],
    ['a name', () => indexedDbKeys({} as never)],
    ['no SSH key', () => sshCertificate({} as never)],
    ['another kind of SSH key', () => sshCertificate({ publicKey: { kty: 'EC' } })],
  ])('%s', (_name, make) => {
    expect(make).toThrow(TypeError)
  })

  test('a request without a token', async () => {
    await expect(dpop().fetch(url)).rejects.toBeInstanceOf(TypeError)
  })
})
