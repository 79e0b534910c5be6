import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'
import { signInForTokens } from './userFlow.js'

const signingKey = generateSigningKey()

async function tokenOf(emulator: ReturnType<typeof createEmulator>, scope?: string): Promise<string> {
  const response = await requestToken(emulator, scope === undefined ? {} : { scope })
  return ((await response.json()) as { access_token: string }).access_token
}

test('a protected resource answers the claims of a good token', async () => {
  const emulator = createEmulator({ signingKey })
  const headers = { authorization: `Bearer ${await tokenOf(emulator)}` }
  for (const path of ['/resource', '/resource/a/b?audience=https://graph.microsoft.com/'])
    for (const method of ['GET', 'POST']) {
      const response = await emulator.fetch(`https://api.example${path}`, { method, headers })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ claims: { azp: emulator.defaults.clientId } })
    }
})

test('a protected resource refuses every other token', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = createEmulator({ signingKey, now: () => now })
  const good = await tokenOf(emulator)
  const foreign = await tokenOf(createEmulator({ now: () => now }))
  const { tenantId: tid } = emulator.defaults
  const sign = async (claims: Record<string, unknown>) =>
    new SignJWT({ tid, iss: `https://x.example/${tid}/v2.0`, ...claims })
      .setProtectedHeader({ alg: 'RS256' })
      .setExpirationTime(now / 1000 + 60)
      .sign((await signingKey).privateKey)
  const call = async (authorization?: string, query = '') => {
    const init = authorization === undefined ? {} : { headers: { authorization } }
    const response = await emulator.fetch(`https://api.example/resource${query}`, init)
    expect(response.status).toBe(401)
    return response.headers.get('www-authenticate')
  }
  expect(await call()).toMatch(/^Bearer realm="", authorization_uri="[^"]+"$/)
  expect(await call('Basic eA==')).not.toContain('error=')
  expect(await call('Bearer x')).toContain('The signature or a claim is invalid')
  expect(await call(`Bearer ${foreign}`)).toContain('The signature or a claim is invalid')
  expect(await call(`Bearer ${good}`, '?audience=api://things')).toContain('The audience is invalid')
  expect(await call(`Bearer ${await sign({ aud: 'api://nothing' })}`)).toContain('The audience is invalid')
  expect(await call(`Bearer ${await sign({ aud: 'api://things', iss: 'https://x.example/other/v2.0' })}`)).toContain(
    'The issuer is invalid',
  )
  now += 3_600_000
  expect(await call(`Bearer ${good}`)).toContain('error="invalid_token", error_description="The token is expired"')
})

const claimsFor = (capabilities: string[]) => JSON.stringify({ access_token: { xms_cc: { values: capabilities } } })

async function call(emulator: ReturnType<typeof createEmulator>, token: string, query = '') {
  const headers = { authorization: `Bearer ${token}` }
  const response = await emulator.fetch(`https://api.example/resource${query}`, { headers })
  const header = response.headers.get('www-authenticate') ?? ''
  const claims = /claims="([^"]+)"/.exec(header)?.[1]
  return {
    status: response.status,
    error: /error="([^"]+)"/.exec(header)?.[1],
    claims: claims === undefined ? undefined : Buffer.from(claims, 'base64').toString(),
  }
}

test('a protected resource checks what users have allowed', async () => {
  const emulator = createEmulator({ signingKey })
  const { access_token } = await signInForTokens(emulator, {}, { scope: 'api://things/Things.Read' })
  expect((await call(emulator, access_token, '?audience=api://things&scope=Things.Read')).status).toBe(200)
  expect(await call(emulator, access_token, '?scope=Things.Read+Things.Write')).toMatchObject({
    status: 403,
    error: 'insufficient_scope',
  })
  const app = await tokenOf(emulator, 'api://things/.default')
  expect((await call(emulator, app, '?scope=Things.Read')).status).toBe(403)
})

test('an authentication context is challenged for, and had by signing in with the claims', async () => {
  const emulator = createEmulator({ signingKey })
  const { access_token } = await signInForTokens(emulator, {}, { claims: claimsFor(['CP1']) })
  const refused = await call(emulator, access_token, '?acrs=c1')
  expect(refused).toEqual({
    ...{ status: 401, error: 'insufficient_claims' },
    claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
  })
  const stepped = await signInForTokens(emulator, {}, { claims: refused.claims! })
  expect((await call(emulator, stepped.access_token, '?acrs=c1')).status).toBe(200)
  const odd = await call(emulator, access_token, `?acrs=${encodeURIComponent('"é')}`)
  expect(odd.claims).toContain('"value":"\\"é"')
})

test('access tokens end with the sessions of their user, with a challenge where the client can handle one', async () => {
  const emulator = createEmulator({ signingKey, now: () => Date.UTC(2030, 0, 1) })
  const capable = await signInForTokens(emulator, {}, { claims: claimsFor(['CP1']) })
  const plain = await signInForTokens(emulator)
  const other = await signInForTokens(emulator, { username: 'bob@contoso.com' })
  const app = await tokenOf(emulator)
  expect((await call(emulator, capable.access_token)).status).toBe(200)
  await emulator.revokeSessions(emulator.defaults.username)
  expect(await call(emulator, capable.access_token)).toEqual({
    ...{ status: 401, error: 'insufficient_claims' },
    claims: '{"access_token":{"nbf":{"essential":true,"value":"1893456000"}}}',
  })
  expect(await call(emulator, plain.access_token)).toEqual({ status: 401, error: 'invalid_token', claims: undefined })
  for (const token of [other.access_token, app, (await signInForTokens(emulator)).access_token])
    expect((await call(emulator, token)).status).toBe(200)
  const bob = emulator.directory.findUser('bob@contoso.com')!
  emulator.directory.addUser({ ...bob, isDisabled: true })
  expect((await call(emulator, other.access_token)).status).toBe(401)
})
