import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

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
