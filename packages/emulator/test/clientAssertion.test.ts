import { base64url, exportJWK, generateKeyPair, importPKCS8, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createCertificate, createEmulator } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const now = Date.UTC(2030, 0, 1)
const clientId = '1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9'
const certificate = await createCertificate()
const other = await createCertificate('Other')
const jwkPair = await generateKeyPair('PS256', { extractable: true })
const emulator = createEmulator({
  now: () => now,
  apps: [
    {
      clientId,
      tenantId: createEmulator().defaults.tenantId,
      certificates: [certificate.certificate],
      publicKeys: [{ ...(await exportJWK(jwkPair.publicKey)), kid: 'key-1' }],
    },
  ],
})
const host = 'https://login.microsoftonline.com'
const usGovernment = 'https://login.microsoftonline.us'
const { tenantId, domain } = emulator.defaults
const x5t = base64url.encode(Uint8Array.from(Buffer.from(certificate.thumbprint, 'hex')))
const x5tS256 = base64url.encode(Uint8Array.from(Buffer.from(certificate.thumbprintSha256, 'hex')))

interface Variation {
  alg?: string
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: string | CryptoKey
  fields?: Record<string, string | undefined>
}

async function send({ alg = 'PS256', header = { 'x5t#S256': x5tS256 }, claims = {}, key, fields = {} }: Variation) {
  const pem = typeof key === 'string' ? key : certificate.privateKey
  const assertion = await new SignJWT({
    aud: `${host}/${tenantId}/oauth2/v2.0/token`,
    iss: clientId,
    sub: clientId,
    jti: crypto.randomUUID(),
    nbf: now / 1000,
    exp: now / 1000 + 600,
    ...claims,
  })
    .setProtectedHeader({ alg, typ: 'JWT', ...header })
    .sign(typeof key === 'object' ? key : await importPKCS8(pem, alg))
  return requestToken(emulator, {
    client_id: clientId,
    client_secret: undefined,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...fields,
  })
}

test.each<[string, Variation]>([
  ['PS256 and x5t#S256', {}],
  ['RS256 and x5t', { alg: 'RS256', header: { x5t } }],
  ['x5t with padding', { alg: 'RS256', header: { x5t: `${x5t}=` } }],
  ['a public key by kid', { header: { kid: 'key-1' }, key: jwkPair.privateKey }],
  ['an audience with the domain', { claims: { aud: `${host}/${domain}/oauth2/v2.0/token` } }],
  ['the issuer as audience', { claims: { aud: `${host}/${tenantId}/v2.0` } }],
  ['the audience of an alias host', { claims: { aud: `https://login.windows.net/${tenantId}/oauth2/v2.0/token` } }],
  ['a clock four minutes off', { claims: { nbf: now / 1000 + 240 } }],
])('accepts %s', async (_, variation) => {
  const response = await send(variation)
  expect(await response.json()).toMatchObject({ token_type: 'Bearer' })
})

test.each<[string, Variation, number, number]>([
  ['an unknown thumbprint', { header: { 'x5t#S256': 'AAAA' } }, 401, 700027],
  ['no key named', { header: {} }, 401, 700027],
  ['the signature of another key', { key: other.privateKey }, 401, 700027],
  ['an expired assertion', { claims: { exp: now / 1000 - 301 } }, 401, 700024],
  ['an assertion of the future', { claims: { nbf: now / 1000 + 400 } }, 401, 700024],
  ['no expiry', { claims: { exp: undefined } }, 401, 700024],
  ['an absurd expiry', { claims: { exp: -1e300 } }, 401, 700024],
  ['another issuer', { claims: { iss: 'someone' } }, 401, 700021],
  ['another subject', { claims: { sub: 'someone' } }, 401, 700021],
  ['another audience', { claims: { aud: 'https://evil.example/x' } }, 401, 700023],
  ['the audience of another cloud', { claims: { aud: `${usGovernment}/${tenantId}/v2.0` } }, 401, 700023],
  ['the audience of another tenant', { claims: { aud: `${host}/fabrikam.onmicrosoft.com/v2.0` } }, 401, 700023],
  ['no audience', { claims: { aud: undefined } }, 401, 700023],
  ['what is not a JWT', { fields: { client_assertion: 'x.y.z' } }, 401, 50027],
  ['no signature', { fields: { client_assertion: `${btoa('{"alg":"none"}')}.e30.` } }, 401, 50027],
  ['no assertion type', { fields: { client_assertion_type: undefined } }, 400, 900144],
  ['another assertion type', { fields: { client_assertion_type: 'saml' } }, 400, 9002313],
])('refuses %s', async (_, variation, status, number) => {
  const response = await send(variation)
  expect(response.status).toBe(status)
  const body = (await response.json()) as { error: string }
  expect(body).toMatchObject({ error: status === 401 ? 'invalid_client' : 'invalid_request', error_codes: [number] })
})
