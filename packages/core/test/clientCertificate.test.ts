import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, importPKCS8, importX509, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { clientCertificate, type ClientCredentialContext } from '@latchkey/core'
import { intermediateCertificate, leafCertificate, leafKey, rootCertificate } from './fixtures/certificateChain.js'
import recorded from './fixtures/msalAssertions.json' with { type: 'json' }

type ClientCertificateOptions = Parameters<typeof clientCertificate>[0]
const { clientId, authority, privateKey, certificate, thumbprint, thumbprintSha256 } = recorded
const tokenEndpoint = `${authority}/oauth2/v2.0/token`
const minutes = 60_000

/** The form that a credential fills. */
async function apply(options: ClientCertificateOptions, context: Partial<ClientCredentialContext> = {}) {
  return applyTo(clientCertificate(options), context)
}

async function applyTo(
  credential: ReturnType<typeof clientCertificate>,
  context: Partial<ClientCredentialContext> = {},
) {
  const body = new URLSearchParams()
  const now = (): number => recorded.now
  await credential.apply({ clientId, tokenEndpoint, authorityKind: 'entra', now, ...context }, body, new Headers())
  return Object.fromEntries(body)
}

async function assertion(options: ClientCertificateOptions, context?: Partial<ClientCredentialContext>) {
  const { client_assertion = '' } = await apply(options, context)
  return { jwt: client_assertion, header: decodeProtectedHeader(client_assertion), claims: decodeJwt(client_assertion) }
}

const verify = (jwt: string, alg: string) =>
  importX509(certificate, alg).then((key) => jwtVerify(jwt, key, { currentDate: new Date(recorded.now) }))

/** MSAL Python pads thumbprints and keeps the line breaks of a certificate; RFC 7515 has neither. */
function asStandard({ header, payload }: { header: object; payload: { jti: string } }) {
  const { x5t, 'x5t#S256': x5tS256, x5c, ...rest } = header as Record<string, unknown>
  const unpadded = (text: unknown) => (text as string).replace(/=+$/, '')
  return {
    header: {
      ...rest,
      ...(x5t !== undefined && { x5t: unpadded(x5t) }),
      ...(x5tS256 !== undefined && { 'x5t#S256': unpadded(x5tS256) }),
      ...(x5c !== undefined && { x5c: (x5c as string[]).map((one) => one.replaceAll(/\s/g, '')) }),
    },
    claims: {
      ...payload,
      jti: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
    },
  }
}

test('signs as MSAL Python does with a SHA-1 thumbprint and more claims', async () => {
  const { assertion: theirs, claims } = recorded.byThumbprint
  const ours = await assertion({ privateKey, thumbprint, claims })
  expect(ours).toMatchObject(asStandard(theirs))
  expect(Object.keys(ours.header).toSorted()).toEqual(Object.keys(theirs.header).toSorted())
  expect(Object.keys(ours.claims).toSorted()).toEqual(Object.keys(theirs.payload).toSorted())
  await verify(ours.jwt, 'RS256')
})

test('signs as MSAL Python does with a certificate that is sent along', async () => {
  const { assertion: theirs } = recorded.withX5c
  const ours = await assertion({ privateKey, certificate, sendX5c: true })
  expect(ours).toMatchObject(asStandard(theirs))
  expect(Object.keys(ours.header).toSorted()).toEqual(Object.keys(theirs.header).toSorted())
  await verify(ours.jwt, 'PS256')
})

test('fills the form with the assertion and its type, and nothing else', async () => {
  const { client_assertion_type, client_assertion, ...rest } = await apply({ privateKey, thumbprint })
  expect(client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  expect(client_assertion).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(rest).toEqual({})
})

const x5t = createHash('sha1').update(new X509Certificate(certificate).raw).digest('base64url')
const x5tS256 = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url')
const rs256 = { alg: 'RS256', typ: 'JWT', x5t }
const ps256 = { alg: 'PS256', typ: 'JWT', 'x5t#S256': x5tS256 }

test.each<[ClientCredentialContext['authorityKind'], Partial<ClientCertificateOptions>, object]>([
  ['entra', { thumbprint }, rs256],
  ['entra', { thumbprintSha256 }, ps256],
  ['entra', { thumbprint, thumbprintSha256 }, ps256],
  ['entra', { certificate }, ps256],
  ['entra', { certificate, thumbprint, thumbprintSha256 }, ps256],
  ['b2c', { thumbprint, thumbprintSha256 }, ps256],
  ['ciam', { thumbprint, thumbprintSha256 }, ps256],
  ['adfs', { thumbprint }, rs256],
  ['adfs', { thumbprint, thumbprintSha256 }, rs256],
  ['adfs', { certificate }, rs256],
  ['oidc', { thumbprint }, rs256],
  ['oidc', { thumbprintSha256 }, ps256],
  ['oidc', { thumbprint, thumbprintSha256 }, rs256],
  ['oidc', { certificate }, ps256],
])('%s, %o', async (authorityKind, options, header) => {
  const made = await assertion({ privateKey, ...options }, { authorityKind })
  expect(made.header).toEqual(header)
  await verify(made.jwt, made.header.alg!)
})

test('takes thumbprints as tools print them', async () => {
  const printed = new X509Certificate(certificate)
  const { header } = await assertion({ privateKey, thumbprintSha256: printed.fingerprint256 })
  expect(header).toEqual(ps256)
  expect((await assertion({ privateKey, thumbprint: thumbprint.toUpperCase() })).header).toEqual(rs256)
})

test('takes a JWK, whatever algorithm it says that it is for', async () => {
  const { e, ...jwk } = await crypto.subtle.exportKey(
    'jwk',
    await importPKCS8(privateKey, 'RS256', { extractable: true }),
  )
  for (const more of [{}, { alg: 'RS256', use: 'sig', key_ops: ['sign'], ext: false }]) {
    const key = { ...jwk, e, ...more } as JsonWebKey
    const made = await assertion({ privateKey: key, certificate })
    expect(made.header).toEqual(ps256)
    await verify(made.jwt, 'PS256')
  }
})

test.each([
  ['PS256', 'entra', ps256],
  ['PS256', 'oidc', ps256],
  ['RS256', 'entra', rs256],
  ['RS256', 'adfs', rs256],
] as const)('signs with what a CryptoKey can: %s, %s', async (alg, authorityKind, header) => {
  for (const options of [{ certificate }, { thumbprint, thumbprintSha256 }]) {
    const made = await assertion({ privateKey: await importPKCS8(privateKey, alg), ...options }, { authorityKind })
    expect(made.header).toEqual(header)
    await verify(made.jwt, alg)
  }
})

test('says what a CryptoKey, a thumbprint and an authority lack together', async () => {
  const pss = await importPKCS8(privateKey, 'PS256')
  const pkcs1 = await importPKCS8(privateKey, 'RS256')
  await expect(apply({ privateKey: pss, certificate }, { authorityKind: 'adfs' })).rejects.toThrow(
    new TypeError('Cannot use an RSA-PSS key: expected RSASSA-PKCS1-v1_5, which ADFS verifies'),
  )
  await expect(apply({ privateKey, thumbprintSha256 }, { authorityKind: 'adfs' })).rejects.toThrow(
    new TypeError('Cannot use the certificate: expected it, or its thumbprint (SHA-1), for RS256'),
  )
  expect(() => clientCertificate({ privateKey: pss, thumbprint })).toThrow(/its thumbprintSha256, for PS256/)
  expect(() => clientCertificate({ privateKey: pkcs1, thumbprintSha256 })).toThrow(
    /its thumbprint \(SHA-1\), for RS256/,
  )
})

const x5cOf = (pem: string) => new X509Certificate(pem).raw.toString('base64')
test.each([
  ['in order', [leafCertificate, intermediateCertificate, rootCertificate]],
  ['the other way round', [rootCertificate, intermediateCertificate, leafCertificate]],
  ['scrambled', [intermediateCertificate, rootCertificate, leafCertificate]],
])('sends a chain leaf first when it is given %s', async (_, certificates) => {
  const { header } = await assertion(
    {
      privateKey: leafKey,
      certificate: `Subject: noise\n${certificates.join('\nmore noise\n')}`,
      sendX5c: true,
    },
    { now: () => Date.UTC(2030, 0) },
  )
  expect(header.x5c).toEqual([leafCertificate, intermediateCertificate, rootCertificate].map(x5cOf))
  expect(header['x5t#S256']).toBe(
    createHash('sha256').update(new X509Certificate(leafCertificate).raw).digest('base64url'),
  )
})

test('keeps certificates that are outside of the chain, last', async () => {
  const { header } = await assertion(
    { privateKey: leafKey, certificate: certificate + rootCertificate + leafCertificate, sendX5c: true },
    { now: () => Date.UTC(2030, 0) },
  )
  expect(header.x5c).toEqual([leafCertificate, certificate, rootCertificate].map(x5cOf))
})

test('lets claims win, and signs what was given', async () => {
  const claims = { aud: 'https://other.example', jti: 'mine', exp: 1, more: { a: [1] } }
  const credential = clientCertificate({ privateKey, thumbprint, claims })
  claims.more.a.push(2)
  const { client_assertion = '' } = await applyTo(credential)
  expect(decodeJwt(client_assertion)).toMatchObject({
    aud: 'https://other.example',
    jti: 'mine',
    exp: 1,
    more: { a: [1] },
  })
})

test('reuses an assertion for 540 s, for the same client, endpoint and algorithm only', async () => {
  const credential = clientCertificate({ privateKey, certificate })
  const after = (ms: number, more: Partial<ClientCredentialContext> = {}) =>
    applyTo(credential, { now: () => recorded.now + ms, ...more }).then((form) => form['client_assertion'])
  const first = await after(0)
  expect(await after(9 * minutes)).toBe(first)
  expect(await after(1000, { clientId: 'other' })).not.toBe(first)
  expect(await after(1000, { tokenEndpoint: 'https://other.example/token' })).not.toBe(first)
  expect(await after(1000, { authorityKind: 'adfs' })).not.toBe(first)
  expect(await after(2000)).toBe(first)
  const next = await after(9 * minutes + 1)
  expect(next).not.toBe(first)
  expect(decodeJwt(next!).exp).toBe(Math.floor((recorded.now + 9 * minutes + 1) / 1000) + 600)
  // A clock that was set back: what was signed in the future is not good now.
  expect(await after(-1)).not.toBe(next)
})

test('keeps the assertions of a hundred tenants', async () => {
  const credential = clientCertificate({ privateKey, thumbprint })
  const of = (tenant: number) =>
    applyTo(credential, { tokenEndpoint: `https://login.example/${tenant}` }).then((form) => form['client_assertion'])
  const first = await of(0)
  const second = await of(1)
  for (let tenant = 2; tenant <= 100; tenant++) await of(tenant)
  expect(await of(1)).toBe(second)
  expect(await of(0)).not.toBe(first)
})

test('refuses a certificate outside of its validity, by the client’s clock', async () => {
  const options = { privateKey, certificate }
  const at = (now: number) => apply(options, { now: () => now })
  await expect(at(Date.UTC(2036, 0, 1) + 1)).rejects.toThrow(
    new TypeError('Cannot use the certificate: it expired on 2036-01-01T00:00:00.000Z'),
  )
  await expect(at(Date.UTC(2026, 0, 1) - 1)).rejects.toThrow(
    new TypeError('Cannot use the certificate: it is not valid before 2026-01-01T00:00:00.000Z'),
  )
  await at(Date.UTC(2036, 0, 1))
  await at(Date.UTC(2026, 0, 1))
})

test('refuses a certificate while its assertion could still be reused', async () => {
  const credential = clientCertificate({ privateKey, certificate })
  const end = Date.UTC(2036, 0, 1)
  await applyTo(credential, { now: () => end })
  await expect(applyTo(credential, { now: () => end + 1 })).rejects.toThrow(/expired/)
})

const message = (options: ClientCertificateOptions) => apply(options).then(String, (error: unknown) => error)

test('refuses a certificate of another key, and a thumbprint of another certificate', async () => {
  expect(await message({ privateKey, certificate: leafCertificate })).toEqual(
    new TypeError('Cannot use the certificate: expected the one that belongs to the private key'),
  )
  const other = new X509Certificate(leafCertificate)
  expect(await message({ privateKey, certificate, thumbprint: other.fingerprint })).toEqual(
    new TypeError("Cannot use thumbprint: expected the certificate's own"),
  )
  expect(await message({ privateKey, certificate, thumbprintSha256: other.fingerprint256 })).toEqual(
    new TypeError("Cannot use thumbprintSha256: expected the certificate's own"),
  )
})

const pkcs8 = (type: 'ec' | 'rsa' | 'ed25519', options: object) =>
  generateKeyPairSync(type as 'rsa', {
    ...(options as { modulusLength: number }),
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey

test.each([
  ['EC', pkcs8('ec', { namedCurve: 'P-256' })],
  ['Ed25519', pkcs8('ed25519', {})],
  ['RSA of 1024 bits', pkcs8('rsa', { modulusLength: 1024 })],
  ['half a key', `-----BEGIN PRIVATE KEY-----${privateKey.slice(27, 28 + 65 * 10)}-----END PRIVATE KEY-----`],
])('refuses a private key that is %s', async (_, key) => {
  expect(await message({ privateKey: key, thumbprint })).toEqual(
    new TypeError('Cannot use the private key: expected an RSA key of 2048 bits or more'),
  )
})

const body = privateKey.replaceAll(/-----.*-----/g, '')
test.each([
  ['a private key in the form RSA PRIVATE KEY', `-----BEGIN RSA PRIVATE KEY-----${body}-----END RSA PRIVATE KEY-----`],
  [
    'a private key in the form ENCRYPTED PRIVATE KEY',
    `-----BEGIN ENCRYPTED PRIVATE KEY-----${body}-----END ENCRYPTED PRIVATE KEY-----`,
  ],
])('names %s and the package that reads it', (name, key) => {
  expect(() => clientCertificate({ privateKey: key, thumbprint })).toThrow(
    new TypeError(`Cannot use ${name}: expected PKCS#8 (BEGIN PRIVATE KEY); @latchkey/certificates reads other kinds`),
  )
})

const ecJwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' }
const publicKey = await importX509(certificate, 'PS256')
const sha512 = await crypto.subtle.importKey(
  'pkcs8',
  Buffer.from(body, 'base64'),
  { name: 'RSA-PSS', hash: 'SHA-512' },
  false,
  ['sign'],
)
test.each<[string, unknown]>([
  ['no options', undefined],
  ['a text for options', privateKey],
  ['no key', { thumbprint }],
  ['an empty key', { privateKey: '', thumbprint }],
  ['null for a key', { privateKey: null, thumbprint }],
  ['a key that is not PEM', { privateKey: body, thumbprint }],
  ['PEM that is not base64', { privateKey: privateKey.replace('M', '%'), thumbprint }],
  [
    'an EC key in PEM',
    { privateKey: '-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----', thumbprint },
  ],
  ['a JWK of an EC key', { privateKey: ecJwk, thumbprint }],
  ['a public JWK', { privateKey: { kty: 'RSA', n: 'AA', e: 'AQAB' }, thumbprint }],
  ['a public CryptoKey', { privateKey: publicKey, thumbprintSha256 }],
  ['a CryptoKey with another hash', { privateKey: sha512, thumbprintSha256 }],
  ['neither certificate nor thumbprint', { privateKey }],
  ['a short thumbprint', { privateKey, thumbprint: thumbprint.slice(1) }],
  ['SHA-256 given as SHA-1', { privateKey, thumbprint: thumbprintSha256 }],
  ['SHA-1 given as SHA-256', { privateKey, thumbprintSha256: thumbprint }],
  ['a thumbprint that is not hexadecimal', { privateKey, thumbprint: 'g'.repeat(40) }],
  ['bytes for a thumbprint', { privateKey, thumbprint: new Uint8Array(20) }],
  ['an empty certificate', { privateKey, certificate: '' }],
  ['a certificate that is not text', { privateKey, certificate: {} }],
  ['a key for a certificate', { privateKey, certificate: privateKey }],
  ['an object for sendX5c', { privateKey, certificate, sendX5c: {} }],
  ['sendX5c without a certificate', { privateKey, thumbprint, sendX5c: true }],
  ['a list of claims', { privateKey, thumbprint, claims: [] }],
  ['null for claims', { privateKey, thumbprint, claims: null }],
  ['claims that JSON cannot hold', { privateKey, thumbprint, claims: { big: 1n } }],
])('throws a TypeError at once for %s', (_, options) => {
  expect(() => clientCertificate(options as ClientCertificateOptions)).toThrow(TypeError)
  expect(() => clientCertificate(options as ClientCertificateOptions)).toThrow(/^Cannot (use|read) .*: expected /)
})

test('never takes a certificate that was cut short, and never fails in another way than with a TypeError', () => {
  const { raw } = new X509Certificate(leafCertificate)
  const pem = (der: Uint8Array) =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----`
  const attempt = (der: Uint8Array): unknown => {
    try {
      return clientCertificate({ privateKey: leafKey, certificate: pem(der) })
    } catch (error) {
      return error
    }
  }
  for (let length = 0; length < raw.length; length++) expect(attempt(raw.subarray(0, length))).toBeInstanceOf(TypeError)
  for (let at = 0; at < raw.length; at++) {
    for (const byte of [0x00, 0x30, 0x80, 0x84, 0xff]) {
      const spoilt = Buffer.from(raw)
      spoilt[at] = byte
      const made = attempt(spoilt)
      if (made instanceof Error) expect(made).toBeInstanceOf(TypeError)
    }
  }
})

test('shows no key, wherever it is printed', async () => {
  const credential = clientCertificate({ privateKey, certificate })
  await applyTo(credential)
  const secret = body.replaceAll(/\s/g, '').slice(40, 80)
  expect(JSON.stringify(credential) + String(credential)).not.toContain(secret)
  const errors = await Promise.all([
    message({ privateKey: privateKey.replace('MIIE', 'MIIF'), thumbprint }),
    message({ privateKey, certificate: leafCertificate }),
  ])
  for (const error of errors) {
    expect(error).toBeInstanceOf(TypeError)
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(secret)
    expect((error as Error).cause).toBeUndefined()
  }
})
