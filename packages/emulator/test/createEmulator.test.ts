import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { createEmulator, type Emulator } from '@latchkey/emulator'

function requestToken(emulator: Emulator, fields: Record<string, string> = {}, tenant = emulator.defaults.tenantId) {
  const { clientId, clientSecret, scope } = emulator.defaults
  return emulator.fetch(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
      ...fields,
    }),
  })
}

test('an app gets a token that verifies against the served keys', async () => {
  const emulator = createEmulator()
  const response = await requestToken(emulator)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toContain('no-store')
  const { access_token, ...rest } = (await response.json()) as { access_token: string }
  expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })

  const { tenantId, clientId, domain } = emulator.defaults
  const discovery = await emulator.fetch(
    `https://login.microsoftonline.com/${domain}/v2.0/.well-known/openid-configuration`,
  )
  const { jwks_uri, issuer } = (await discovery.json()) as { jwks_uri: string; issuer: string }
  const jwks = createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: emulator.fetch })
  const { payload, protectedHeader } = await jwtVerify(access_token, jwks, { issuer })
  expect(payload).toMatchObject({ azp: clientId, tid: tenantId, ver: '2.0', azpacr: '1', roles: ['User.Read.All'] })
  expect(payload.exp! - payload.iat!).toBe(3599)
  expect(protectedHeader.x5t).toBe(decodeProtectedHeader(access_token).kid)
})
