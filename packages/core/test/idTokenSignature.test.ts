import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { acquireTokenByAuthorizationCode, type AuthError, type PublicClientOptions } from '@latchkey/core'
import { verifyIdTokenSignature } from '@latchkey/core/verify'
import { clientId, rejection, start, tenantId } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { createUserClient, userToken } from './fixtures/userService.js'

const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
const claims = { iss: issuer, aud: clientId, sub: 'sub', tid: tenantId, exp: start + 3600 }
type Key = Awaited<ReturnType<typeof createKey>>

async function createKey(kid: string | undefined, alg = 'RS256', more: object = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), use: 'sig', ...(kid !== undefined && { kid }), ...more }
  return { privateKey, publicKey, jwk, alg, kid }
}

const sign = ({ privateKey, alg, kid }: Pick<Key, 'privateKey' | 'alg' | 'kid'>, more: object = {}): Promise<string> =>
  new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(privateKey)

/** A provider that signs in whoever comes with the token that is set, and lists the keys that are set. */
function createProvider(options: Partial<PublicClientOptions> = {}) {
  const provider = { idToken: '', keys: (): Response | Promise<Response> => Response.json({ keys: [] }) }
  const made = createUserClient(
    ({ method, url }) => {
      if (method === 'POST') return userToken(undefined, { id_token: provider.idToken })
      return url.endsWith('/discovery/v2.0/keys') ? provider.keys() : undefined
    },
    { verifyIdToken: verifyIdTokenSignature, ...options },
  )
  const signIn = (idToken: string, more: object = {}) => {
    provider.idToken = idToken
    return acquireTokenByAuthorizationCode(made.client, { code: 'code', scopes: ['User.Read'], ...more })
  }
  const list = (...keys: object[]): void => void (provider.keys = () => Response.json({ keys }))
  const asked = () => made.service.requests.filter(({ url }) => url.endsWith('/keys')).length
  const refused = async (idToken: string) => {
    const { code, message } = (await rejection(signIn(idToken))) as AuthError
    expect(made.cache.serialize()).toBe('{}')
    return `${code}: ${message}`
  }
  return { ...made, provider, signIn, list, asked, refused }
}
const isUntrue = 'id_token_invalid: Cannot trust the ID token: signature'

test.each(['RS256', 'RS512', 'PS256', 'PS512', 'ES256', 'ES384', 'EdDSA'])(
  'a signature by %s is checked',
  async (alg) => {
    const [good, other] = await Promise.all([createKey('one', alg), createKey('one', alg)])
    const { signIn, list, refused } = createProvider()
    list(good.jwk)
    expect(await refused(await sign(other))).toBe(isUntrue)
    const [header, payload, signature = ''] = (await sign(good)).split('.')
    const flipped = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    expect(await refused([header, payload, flipped].join('.'))).toBe(isUntrue)
    expect(await refused([header, payload, ''].join('.'))).toBe(isUntrue)
    const foreign = await sign(good, { sub: 'another' })
    expect(await refused([header, foreign.split('.')[1], signature].join('.'))).toBe(isUntrue)
    expect(await signIn(await sign(good))).toMatchObject({ idTokenClaims: claims })
  },
)

describe('no secret that others know makes a signature', () => {
  test.each(['HS256', 'HS384', 'HS512'])('not the public key by %s', async (alg) => {
    const key = await createKey('one')
    const { list, refused } = createProvider()
    const secret = new TextEncoder().encode(await exportSPKI(key.publicKey))
    const forged = (secret: Uint8Array) => new SignJWT(claims).setProtectedHeader({ alg, kid: 'one' }).sign(secret)
    list(key.jwk)
    expect(await refused(await forged(secret))).toBe(isUntrue)
    // Not even where the provider lists the very secret.
    list({ kty: 'oct', kid: 'one', k: Buffer.from(secret).toString('base64url') })
    expect(await refused(await forged(secret))).toBe(isUntrue)
  })

  test('not the key that comes with the token', async () => {
    const [good, own] = await Promise.all([createKey('one'), createKey('one')])
    const { list, refused } = createProvider()
    list(good.jwk)
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', jwk: own.jwk, jku: 'https://evil.example/keys' })
      .sign(own.privateKey)
    expect(await refused(forged)).toBe(isUntrue)
  })

  test('not one that the header makes critical', async () => {
    const good = await createKey('one')
    const { list, refused } = createProvider()
    list(good.jwk)
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', crit: ['exp'], exp: 1 })
      .sign(good.privateKey, { crit: { exp: true } })
    expect(await refused(token)).toBe(isUntrue)
  })
})

describe('keys', () => {
  test('are asked for once in a day', async () => {
    const key = await createKey('one')
    const { signIn, list, asked, clock } = createProvider()
    list(key.jwk)
    const forDays = await sign(key, { exp: start + 10 * 86_400 })
    await Promise.all([signIn(forDays), signIn(forDays, { code: 'b' })])
    await signIn(forDays, { code: 'c' })
    clock.seconds += 86_399
    await signIn(forDays, { code: 'd' })
    expect(asked()).toBe(1)
    clock.seconds += 1
    await signIn(forDays, { code: 'e' })
    expect(asked()).toBe(2)
    // A clock that was turned back does not make them good for ever.
    clock.seconds -= 100_000
    await signIn(await sign(key, { exp: start + 10 * 86_400 }), { code: 'f' })
    expect(asked()).toBe(3)
  })

  test('are asked for again when the provider has a new one, not more often than every half minute', async () => {
    const [old, fresh] = await Promise.all([createKey('old'), createKey('fresh')])
    const { signIn, list, asked, clock } = createProvider()
    list(old.jwk)
    await signIn(await sign(old))
    list(old.jwk, fresh.jwk)
    expect(await rejection(signIn(await sign(fresh)))).toMatchObject({ code: 'id_token_invalid' })
    expect(asked()).toBe(1)
    clock.seconds += 30
    await signIn(await sign(fresh), { code: 'b' })
    expect(asked()).toBe(2)
    // Somebody who makes up key ids cannot make the program ask and ask.
    for (const kid of ['x', 'y', 'z']) await rejection(signIn(await sign({ ...fresh, kid }), { code: kid }))
    expect(asked()).toBe(2)
  })

  test('that are known stay known when the provider fails', async () => {
    const key = await createKey('one')
    const { provider, signIn, list, clock } = createProvider()
    list(key.jwk)
    await signIn(await sign(key))
    clock.seconds += 31
    provider.keys = () => new Response('', { status: 503 })
    expect(await rejection(signIn(await sign({ ...key, kid: 'made up' })))).toMatchObject({ code: 'invalid_response' })
    expect(await signIn(await sign(key), { code: 'b' })).toHaveProperty('accessToken')
  })

  test('of one provider are not those of another', async () => {
    const key = await createKey('one')
    const issuer = 'https://id.example'
    const document = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/its/keys` }
    const idToken = await sign(key, { iss: issuer })
    const { client, service } = createUserClient(
      ({ method, url }) =>
        method === 'POST'
          ? userToken(undefined, { id_token: idToken })
          : Response.json(url === document.jwks_uri ? { keys: [key.jwk] } : document),
      { authority: undefined, oidcAuthority: issuer, verifyIdToken: verifyIdTokenSignature },
    )
    await acquireTokenByAuthorizationCode(client, { code: 'code', scopes: ['User.Read'] })
    expect(service.urls()).toContain(`GET ${document.jwks_uri}`)
  })

  test.each([
    ['the template', `https://login.microsoftonline.com/{tenantid}/v2.0`, true],
    ['this tenant', issuer, true],
    ['another tenant', 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0', false],
    ['nothing that can be read', 5, false],
  ])('marked for %s vouch for that only', async (_name, marked, isGood) => {
    const key = await createKey('one', 'RS256', { issuer: marked })
    const { signIn, list, refused } = createProvider()
    list(key.jwk)
    if (isGood) expect(await signIn(await sign(key))).toHaveProperty('accessToken')
    else expect(await refused(await sign(key))).toBe(isUntrue)
  })

  test('that are listed for several issuers are one', async () => {
    const key = await createKey('one')
    const { signIn, list } = createProvider()
    list({ ...key.jwk, issuer }, { ...key.jwk, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' })
    expect(await signIn(await sign(key))).toHaveProperty('accessToken')
  })

  test('without ids are taken where there is one only', async () => {
    const [one, other] = await Promise.all([createKey(undefined), createKey('other', 'ES256')])
    const { signIn, list } = createProvider()
    list(one.jwk, other.jwk)
    expect(await signIn(await sign(one))).toHaveProperty('accessToken')
  })

  test('for encryption sign nothing', async () => {
    const key = await createKey('one', 'RS256', { use: 'enc' })
    const { list, refused } = createProvider()
    list(key.jwk)
    expect(await refused(await sign(key))).toBe(isUntrue)
  })

  test.each<[string, object[]]>([
    ['null', [null as unknown as object]],
    ['texts and lists', ['one' as unknown as object, []]],
    ['half a key', [{ kty: 'RSA', kid: 'one', n: 'AQAB' }]],
    ['a type that nobody knows', [{ kty: '__proto__', kid: 'one' }]],
    ['no key', []],
  ])('that are %s sign nothing', async (_name, keys) => {
    const { list, refused } = createProvider()
    list(...keys)
    expect(await refused(await sign(await createKey('one')))).toBe(isUntrue)
  })
})

describe('where the keys cannot be had, nobody is signed in', () => {
  test.each<[string, () => Response | Promise<Response>, string]>([
    [
      'a page',
      () => new Response('<html>'),
      'invalid_response: Cannot read the keys of login.microsoftonline.com: status 200',
    ],
    [
      'no list',
      () => Response.json({ keys: 'all' }),
      'invalid_response: Cannot read the keys of login.microsoftonline.com: status 200',
    ],
    [
      '404',
      () => new Response('', { status: 404 }),
      'invalid_response: Cannot read the keys of login.microsoftonline.com: status 404',
    ],
    [
      'a redirect',
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
      'invalid_response: Cannot read the keys of login.microsoftonline.com: status 302',
    ],
    ['over 1 MiB', () => new Response('x'.repeat(2 ** 20 + 1)), 'invalid_response: Cannot read over 1 MiB'],
    [
      'a reset',
      () => Promise.reject(new TypeError('fetch failed')),
      'network_error: Cannot reach login.microsoftonline.com: failed',
    ],
  ])('%s', async (_name, keys, expected) => {
    const key = await createKey('one')
    const { provider, signIn, list, refused } = createProvider()
    provider.keys = keys
    expect(await refused(await sign(key))).toBe(expected)
    // The failure is not kept.
    list(key.jwk)
    expect(await signIn(await sign(key), { code: 'again' })).toHaveProperty('accessToken')
  })

  test('or are kept elsewhere than the provider is', async () => {
    const base = 'https://login.contoso.com/tenant'
    const document = {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: 'https://evil.example/keys',
    }
    const { client, cache, service } = createUserClient(
      ({ method }) =>
        method === 'POST'
          ? sign(key, { iss: `${base.replace('tenant', tenantId)}/v2.0` }).then((id_token) =>
              userToken(undefined, { id_token }),
            )
          : Response.json(document),
      { authority: base, instanceDiscovery: false, verifyIdToken: verifyIdTokenSignature },
    )
    const key = await createKey('one')
    const call = acquireTokenByAuthorizationCode(client, { code: 'code', scopes: ['User.Read'] })
    expect(await rejection(call)).toMatchObject({ code: 'invalid_authority' })
    expect(service.urls().join()).not.toContain('evil.example')
    expect(cache.serialize()).toBe('{}')
  })

  test('the waiting can be ended', async () => {
    const { provider, signIn, cache, asked } = createProvider()
    provider.keys = () => new Promise(() => {})
    const controller = new AbortController()
    const call = rejection(signIn(await sign(await createKey('one')), { signal: controller.signal }))
    await until(() => asked() === 1)
    controller.abort()
    expect(await call).toMatchObject({ code: 'user_cancelled' })
    expect(cache.serialize()).toBe('{}')
  })
})

test('without the option no key is asked for', async () => {
  const key = await createKey('one')
  const { signIn, asked } = createProvider({ verifyIdToken: undefined })
  await signIn(await sign(key))
  expect(asked()).toBe(0)
})

test('a verifier of one’s own decides', async () => {
  const seen: string[] = []
  const { signIn, cache } = createProvider({
    verifyIdToken: ({ jwksUri, idToken }) => {
      seen.push(jwksUri, idToken)
      throw new Error('no')
    },
  })
  const idToken = await sign(await createKey('one'))
  expect(await rejection(signIn(idToken))).toEqual(new Error('no'))
  expect(seen).toEqual([`https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`, idToken])
  expect(cache.serialize()).toBe('{}')
})
