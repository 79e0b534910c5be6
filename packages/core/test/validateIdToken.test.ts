import { describe, expect, test } from 'vitest'
import { acquireTokenByAuthorizationCode, isAuthError } from '@latchkey/core'
import { createUserClient, idToken, userToken } from './fixtures/userService.js'
import { clientId, start, tenantId } from './fixtures/tokenService.js'

const other = '99999999-8888-7777-6666-555555555555'
const personal = '9188040d-6c67-4c5b-b112-36a304b66dad'
const host = 'https://login.microsoftonline.com'

/** Signs in with an ID token, and says what came of it and what was kept. */
async function signIn(token: string, authority?: string, nonce?: string) {
  const { client, cache } = createUserClient(
    ({ method }) => (method === 'POST' ? userToken(undefined, { id_token: token }) : undefined),
    authority ? { authority } : {},
  )
  const result = await acquireTokenByAuthorizationCode(client, { code: 'code', scopes: ['User.Read'], nonce }).catch(
    (error: unknown) => error,
  )
  return { outcome: isAuthError(result) ? result.code : 'signed in', kept: Object.keys(JSON.parse(cache.serialize())) }
}

describe('an ID token is refused, and nothing of its answer is kept,', () => {
  test.each<[name: string, claims: Record<string, unknown>, header?: Record<string, unknown>]>([
    ['without a signature', {}, { alg: 'none' }],
    ['without a signature, in other letters', {}, { alg: 'nOnE' }],
    ['without an algorithm', {}, {}],
    ['of another audience', { aud: other }],
    ['of another audience in a list', { aud: [other] }],
    ['of several audiences without azp', { aud: [clientId, other] }],
    ['of several audiences for another party', { aud: [clientId, other], azp: other }],
    ['of no audience', { aud: undefined }],
    ['that is expired', { exp: start - 121 }],
    ['that never ends', { exp: undefined }],
    ['whose end is a text', { exp: `${start + 3600}` }],
    ['that is not valid yet', { nbf: start + 121 }],
    ['whose beginning is nonsense', { nbf: 'soon' }],
    ['of another issuer', { iss: 'https://evil.example/v2.0' }],
    ['of another tenant', { iss: `${host}/${other}/v2.0`, tid: other }],
    ['whose tenant is not its issuer’s', { tid: other }],
    ['of another cloud', { iss: `https://login.microsoftonline.us/${tenantId}/v2.0` }],
    ['of a host that looks like it', { iss: `https://login.microsoftonline.com.evil.example/${tenantId}/v2.0` }],
    ['of an issuer with another path', { iss: `${host}/${tenantId}/v2.0/evil` }],
    ['of an issuer without TLS', { iss: `http://login.microsoftonline.com/${tenantId}/v2.0` }],
    ['of no issuer', { iss: undefined }],
    ['of nobody', { sub: undefined }],
  ])('%s', async (_name, claims, header) => {
    expect(await signIn(idToken(claims, header))).toEqual({ outcome: 'id_token_invalid', kept: [] })
  })

  test.each(['', '.', 'text', 'a.b.c', `${idToken().split('.')[0]}.e30.`])('that is none: %j', async (token) => {
    const { outcome, kept } = await signIn(token || 'x')
    expect([outcome, kept]).toEqual(['id_token_invalid', []])
  })

  test('of another nonce', async () => {
    expect(await signIn(idToken({ nonce: 'other' }), undefined, 'mine')).toEqual({
      outcome: 'nonce_mismatch',
      kept: [],
    })
    expect(await signIn(idToken(), undefined, 'mine')).toEqual({ outcome: 'nonce_mismatch', kept: [] })
  })
})

describe('an ID token is taken', () => {
  test.each<[name: string, claims: Record<string, unknown>]>([
    ['as it is', {}],
    ['two minutes after its end', { exp: start - 119 }],
    ['two minutes before its beginning', { nbf: start + 119 }],
    ['of several audiences for this party', { aud: [clientId, other], azp: clientId }],
    ['of version 1', { iss: `https://sts.windows.net/${tenantId}/` }],
    ['of another name of the cloud', { iss: `https://login.windows.net/${tenantId}/v2.0` }],
  ])('%s', async (_name, claims) => {
    expect((await signIn(idToken(claims))).outcome).toBe('signed in')
  })
})

describe.each<[tenant: string, work: boolean, home: boolean]>([
  ['common', true, true],
  ['organizations', true, false],
  ['consumers', false, true],
  [other, false, false],
])('at %s', (tenant, takesWork, takesPersonal) => {
  test.each([
    ['a work account', tenantId, takesWork],
    ['a personal account', personal, takesPersonal],
  ])('%s', async (_name, tid, isTaken) => {
    const { outcome } = await signIn(idToken({ iss: `${host}/${tid}/v2.0`, tid }), `${host}/${tenant}`)
    expect(outcome).toBe(isTaken ? 'signed in' : 'id_token_invalid')
  })
})
