import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEmulator } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const now = Date.UTC(2030, 0, 1)
const seconds = now / 1000
const api = 'https://api.example/resource/a'
const base64url = (text: string): string => Buffer.from(text).toString('base64url')

type Key = Awaited<ReturnType<typeof createKey>>
let key: Key
async function createKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk, kid: await calculateJwkThumbprint(jwk) }
}
beforeAll(async () => {
  key = await createKey()
})

const begin = (proofNonces = false) => createEmulator({ now: () => now, proofNonces })
const digest = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url')

/** A signed request, of which parts can be made wrong. */
const signRequest = (at: string, claims: JWTPayload = {}, { privateKey, jwk } = key, typ = 'pop') =>
  new SignJWT({ at, ts: seconds, m: 'GET', u: 'api.example', p: '/resource/a', cnf: { jwk }, ...claims })
    .setProtectedHeader({ typ, alg: 'ES256' })
    .sign(privateKey)

const signProof = (claims: JWTPayload, { privateKey, jwk } = key, typ = 'dpop+jwt') =>
  new SignJWT({ jti: crypto.randomUUID(), iat: seconds, ...claims })
    .setProtectedHeader({ typ, alg: 'ES256', jwk })
    .sign(privateKey)

describe('signed requests', () => {
  async function tokenOf(emulator: ReturnType<typeof createEmulator>): Promise<string> {
    const fields = { token_type: 'pop', req_cnf: base64url(JSON.stringify({ kid: key.kid })) }
    const body = (await (await requestToken(emulator, fields)).json()) as { token_type: string; access_token: string }
    expect(body.token_type).toBe('pop')
    return body.access_token
  }
  async function call(emulator: ReturnType<typeof createEmulator>, signed: string, url = api, method = 'GET') {
    const response = await emulator.fetch(url, { method, headers: { authorization: `PoP ${signed}` } })
    return `${response.status} ${response.headers.get('www-authenticate') ?? ''}`
  }

  test('are taken, once', async () => {
    const emulator = begin()
    const signed = await signRequest(await tokenOf(emulator), { nonce: 'own' })
    expect(await call(emulator, signed)).toBe('200 ')
    expect(await call(emulator, signed)).toContain('used before')
  })

  test.each<[string, JWTPayload, string]>([
    ['method', { m: 'POST' }, 'another method'],
    ['host', { u: 'other.example' }, 'another host'],
    ['path', { p: '/resource/b' }, 'another path'],
    ['query', { q: [[], 'a=1'] }, 'another query'],
    ['age', { ts: seconds - 301 }, 'too old'],
    ['future', { ts: seconds + 301 }, 'too old'],
    ['no time', { ts: undefined }, 'too old'],
    ['no token', { at: undefined }, 'No access token'],
    ['no key', { cnf: {} }, 'malformed'],
  ])('are refused for another %s', async (_name, claims, reason) => {
    const emulator = begin()
    const answer = await call(emulator, await signRequest(await tokenOf(emulator), claims))
    expect(answer).toMatch(/^401 PoP /)
    expect(answer).toContain(reason)
  })

  test('are refused with another key, of another type, and as bearer tokens', async () => {
    const emulator = begin()
    const token = await tokenOf(emulator)
    const other = await createKey()
    expect(await call(emulator, await signRequest(token, {}, other))).toContain('bound to another key')
    expect(await call(emulator, await signRequest(token, {}, { ...other, jwk: key.jwk }))).toContain(
      'signature is wrong',
    )
    expect(await call(emulator, await signRequest(token, {}, key, 'JWT'))).toContain('not of type pop')
    const bearer = await emulator.fetch(api, { headers: { authorization: `Bearer ${token}` } })
    expect(bearer.headers.get('www-authenticate')).toContain('proof is missing')
    const plain = (await (await requestToken(emulator)).json()) as { access_token: string }
    expect(await call(emulator, await signRequest(plain.access_token))).toContain('bound to another key')
  })

  test('need a nonce where one is wanted', async () => {
    const emulator = begin(true)
    const token = await tokenOf(emulator)
    const refused = await call(emulator, await signRequest(token, { nonce: 'own' }))
    const nonce = /nonce="([^"]+)"/.exec(refused)?.[1]
    expect(nonce).toBeTruthy()
    expect(await call(emulator, await signRequest(token, { nonce }))).toBe('200 ')
  })

  test.each<[string, Record<string, string>]>([
    ['no req_cnf', { token_type: 'pop' }],
    ['one that is no JSON', { token_type: 'pop', req_cnf: '!' }],
    ['one that names no key', { token_type: 'pop', req_cnf: base64url('{}') }],
    ['an SSH key that is none', { token_type: 'ssh-cert', req_cnf: '{"kid":"k"}' }],
  ])('get no token for %s', async (_name, fields) => {
    const response = await requestToken(begin(), fields)
    expect([response.status, (await response.json()) as object]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ])
  })
})

describe('DPoP', () => {
  const tokenUrl = (emulator: ReturnType<typeof createEmulator>) => `${emulator.defaults.authority}/oauth2/v2.0/token`
  async function ask(emulator: ReturnType<typeof createEmulator>, proof: string) {
    const { clientId, clientSecret, scope } = emulator.defaults
    const response = await emulator.fetch(tokenUrl(emulator), {
      method: 'POST',
      headers: { dpop: proof, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope })}`,
    })
    const body = (await response.json()) as Record<string, string>
    return { status: response.status, body, nonce: response.headers.get('dpop-nonce') }
  }

  test('binds a token at the token endpoint, which takes each proof once', async () => {
    const emulator = begin()
    const proof = await signProof({ htm: 'POST', htu: tokenUrl(emulator) })
    expect((await ask(emulator, proof)).body).toMatchObject({ token_type: 'DPoP' })
    expect(await ask(emulator, proof)).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
      nonce: null,
    })
  })

  test('wants a nonce where it is told so, and takes it', async () => {
    const emulator = begin(true)
    const about = { htm: 'POST', htu: tokenUrl(emulator) }
    const { body, nonce } = await ask(emulator, await signProof(about))
    expect(body['error']).toBe('use_dpop_nonce')
    expect((await ask(emulator, await signProof({ ...about, nonce }))).body).toMatchObject({ token_type: 'DPoP' })
  })

  test.each<[string, JWTPayload]>([
    ['method', { htm: 'GET' }],
    ['URL', { htu: 'https://other.example/token' }],
    ['time', { iat: seconds - 301 }],
    ['no jti', { jti: '' }],
    ['a digest of a token', { ath: 'x' }],
    ['a nonce of nobody', { nonce: 'x' }],
  ])('is refused for another %s', async (_name, claims) => {
    const emulator = begin()
    const { status } = await ask(emulator, await signProof({ htm: 'POST', htu: tokenUrl(emulator), ...claims }))
    expect(status).toBe(400)
  })

  test('is checked at the resource', async () => {
    const emulator = begin()
    const { body } = await ask(emulator, await signProof({ htm: 'POST', htu: tokenUrl(emulator) }))
    const token = body['access_token']!
    const call = async (claims: JWTPayload, by = key) => {
      const dpop = await signProof({ htm: 'GET', htu: api, ath: await digest(token), ...claims }, by)
      return (await emulator.fetch(`${api}?a=1`, { headers: { authorization: `DPoP ${token}`, dpop } })).status
    }
    expect(await call({})).toBe(200)
    expect(await call({ ath: undefined })).toBe(401)
    expect(await call({ ath: await digest('other') })).toBe(401)
    expect(await call({ htm: 'POST' })).toBe(401)
    expect(await call({}, await createKey())).toBe(401)
    const without = await emulator.fetch(api, { headers: { authorization: `DPoP ${token}` } })
    expect(without.status).toBe(401)
  })
})
