import { DpopProofGenerator, PopTokenGenerator, StubPerformanceClient } from '@azure/msal-common/browser'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { dpop, signedHttpRequest } from '@latchkey/pop'
import { createKeyPair } from './fixtures/keys.js'

const start = 1_800_000_000_000
const guid = '00000000-1111-4222-8333-444444444444' as const
const accessToken = 'header.eyJzdWIiOiJhIn0.signature'
afterEach(() => vi.useRealTimers())

/** MSAL's generators with our key: what they would sign is what is compared. */
function msal(jwk: JsonWebKey, kid: string) {
  const signed: { header: object; payload: object }[] = []
  const crypto = {
    base64UrlEncode: (text: string) => Buffer.from(text).toString('base64url'),
    createNewGuid: () => guid,
    hashString: async (text: string) =>
      Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString(
        'base64url',
      ),
    signTokenBindingJwt: async (header: object, payload: object) => {
      // As it is written: members without a value are none.
      signed.push(JSON.parse(JSON.stringify({ header, payload })) as { header: object; payload: object })
      return ''
    },
  }
  const keys = { provisionTokenBindingKey: async () => kid, getTokenBindingPublicKeyJwk: async () => jwk }
  const one = crypto as never
  return {
    signed,
    pop: new PopTokenGenerator(one, keys as never, new StubPerformanceClient()),
    dpop: new DpopProofGenerator(one, keys as never),
  }
}

test.each([
  // MSAL ends a path with a slash, and writes escapes in small letters; what is sent is neither.
  ['GET', 'https://graph.microsoft.com/v1.0/me/', undefined, undefined],
  ['post', 'https://api.example:8443/a/b-c?x=1&y=2', 'nonce-1', undefined],
  ['PATCH', 'https://api.example/path?q=a/b', undefined, '{"app":"one"}'],
])('a signed request is MSAL’s, member by member: %s %s', async (method, url, nonce, claims) => {
  vi.useFakeTimers({ now: start, toFake: ['Date'] })
  vi.spyOn(crypto, 'randomUUID').mockReturnValue(guid)
  const { keyPair, jwk, kid } = await createKeyPair('RS256')
  const scheme = signedHttpRequest({ keyPair, claims })
  if (nonce) scheme.inspect({ status: 401, headers: new Headers({ 'www-authenticate': `PoP nonce="${nonce}"` }) }, url)
  const { authorization = '' } = await scheme.authorize({ method, url }, accessToken)
  const theirs = msal(jwk, kid)
  await theirs.pop.signPopToken(accessToken, kid, {
    ...{ resourceRequestMethod: method, resourceRequestUri: url, shrClaims: claims, shrNonce: nonce },
  } as never)
  const ours = authorization.replace('PoP ', '')
  expect({ header: decodeProtectedHeader(ours), payload: decodeJwt(ours) }).toEqual(theirs.signed[0])

  const { reqCnfString } = await theirs.pop.generateCnf({} as never, { trace: () => {}, verbose: () => {} } as never)
  const { parameters } = await scheme.bind({ method: 'POST', url, keyId: (await scheme.binding()).key_id })
  expect(parameters).toEqual({ token_type: 'pop', req_cnf: reqCnfString })
})

test.each([
  ['GET', 'https://graph.microsoft.com/v1.0/me?a=1#b', undefined],
  ['DELETE', 'https://API.example:443/a', 'nonce-1'],
])('a DPoP proof is MSAL’s, member by member: %s %s', async (method, url, nonce) => {
  const { keyPair, jwk, kid } = await createKeyPair('ES256')
  const scheme = dpop({ keyPair, now: () => start })
  vi.useFakeTimers({ now: start, toFake: ['Date'] })
  if (nonce) scheme.inspect({ status: 401, headers: new Headers({ 'dpop-nonce': nonce }) }, url)
  const { dpop: proof = '' } = await scheme.authorize({ method, url }, accessToken)
  const theirs = msal(jwk, kid)
  await theirs.dpop.generateResourceProof({ htm: method, htu: url, accessToken, nonce } as never, kid)
  const ours = { header: decodeProtectedHeader(proof), payload: { ...decodeJwt(proof), jti: guid } }
  expect(ours).toEqual(theirs.signed[0])
})
