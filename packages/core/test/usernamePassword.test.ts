import { describe, expect, test } from 'vitest'
import {
  acquireTokenByUsernamePassword,
  type AcquireTokenByUsernamePasswordOptions,
  type AuthError,
  type Client,
  type Federation,
  type FederationRequest,
  type PublicClientOptions,
} from '@latchkey/core'
import { rejection, settle, tenantId, type Asked } from './fixtures/tokenService.js'
import { until } from './fixtures/until.js'
import { ada, createUserClient, createWebApp, idToken, refusal, userToken } from './fixtures/userService.js'

const scopes = ['User.Read']
const { username } = ada
const password = 'Pa55 & w0rd'
const managed = { ver: '1.0', account_type: 'Managed', domain_name: 'contoso.com' }
const federated = {
  account_type: 'Federated',
  federation_metadata_url: 'https://sts.contoso.com/adfs/services/trust/mex',
  federation_active_auth_url: 'https://sts.contoso.com/adfs/services/trust/2005/usernamemixed',
  cloud_audience_urn: 'urn:federation:MicrosoftOnline',
}
type Realm = object | (() => Response | Promise<Response>)

function begin(
  realm: Realm,
  answer: (asked: Asked) => Response | Promise<Response> | undefined = () => undefined,
  options: Partial<PublicClientOptions> = {},
) {
  const made = createUserClient((asked) => {
    if (asked.url.includes('/userrealm/'))
      return typeof realm === 'function' ? (realm as () => Response)() : Response.json(realm)
    return asked.method === 'POST' ? answer(asked) : undefined
  }, options)
  const acquire = (more: Partial<AcquireTokenByUsernamePasswordOptions> = {}) =>
    acquireTokenByUsernamePassword(made.client, { username, password, scopes, ...more })
  const realms = () => made.service.requests.filter(({ url }) => url.includes('/userrealm/'))
  return { ...made, acquire, realms }
}
const errorOf = async (call: Promise<unknown>): Promise<AuthError> => (await rejection(call)) as AuthError

/** A provider that keeps what it was asked. */
function createFederation(grantType = 'urn:ietf:params:oauth:grant-type:saml1_1-bearer') {
  const asked: FederationRequest[] = []
  const federation: Federation = {
    acquireAssertion: async (request) => {
      asked.push(request)
      return { grantType, assertion: 'PHNhbWw' }
    },
  }
  return { federation, asked }
}

describe('a managed user', () => {
  test('signs in by the password grant, after one question about the domain', async () => {
    const { acquire, service, realms } = begin(managed, undefined, { clientCapabilities: ['CP1'] })
    expect(await acquire({ correlationId: 'the-id', claims: '{"a":1}' })).toMatchObject({
      ...{ source: 'identity_provider', correlationId: 'the-id' },
      account: { username, accountSource: 'password' },
    })
    const [realm] = realms()
    expect(realm?.url).toBe(`https://login.microsoftonline.com/common/userrealm/${username}?api-version=1.0`)
    expect(realm?.headers.get('client-request-id')).toBe('the-id')
    const [asked] = service.posts()
    expect(asked?.form).toEqual({
      ...{ client_id: asked?.form['client_id'], client_info: '1', grant_type: 'password', username, password },
      ...{
        scope: 'User.Read offline_access openid profile',
        claims: '{"a":1,"access_token":{"xms_cc":{"values":["CP1"]}}}',
      },
    })
    expect(asked?.headers.get('x-anchormailbox')).toBe(`upn:${username}`)
    expect(asked?.headers.get('x-client-current-telemetry')).toBe('4|301,0|')
  })

  test.each([
    ['unknown', { account_type: 'Unknown' }],
    ['no type', {}],
    ['a type that is none', { account_type: ['Federated'] }],
  ])('is who is of a domain of %s', async (_name, realm) => {
    const { acquire, service } = begin(realm)
    await acquire()
    expect(service.posts()[0]?.form).toMatchObject({ grant_type: 'password' })
  })

  test('is asked about once in a day, each name by itself', async () => {
    const { acquire, clock, realms } = begin(managed)
    await acquire()
    await acquire()
    expect(realms()).toHaveLength(1)
    await acquire({ username: 'bob@contoso.com' })
    expect(realms()).toHaveLength(2)
    clock.seconds += 86_400
    await errorOf(acquire())
    expect(realms()).toHaveLength(3)
  })

  test('with a name that would lead elsewhere is asked about at this address', async () => {
    const { acquire, realms } = begin(managed)
    await acquire({ username: '../../evil?x=1#@y/%2e' })
    const { pathname, search } = new URL(realms()[0]!.url)
    expect(pathname).toBe('/common/userrealm/..%2F..%2Fevil%3Fx%3D1%23@y%2F%252e')
    expect(search).toBe('?api-version=1.0')
  })

  test.each(['日本@contoso.com', 'jürgen@contoso.com', 'a\nb@contoso.com'])(
    'is led nowhere by a name that no header takes (%j)',
    async (name) => {
      const { acquire, service } = begin(managed)
      await acquire({ username: name })
      const [asked] = service.posts()
      expect(asked?.form['username']).toBe(name)
      expect(asked?.headers.has('x-anchormailbox')).toBe(false)
    },
  )

  test('of a web app signs in with the app’s secret', async () => {
    const { client, service } = createWebApp(({ url }) =>
      url.includes('/userrealm/') ? Response.json(managed) : undefined,
    )
    await acquireTokenByUsernamePassword(client, { username, password, scopes })
    expect(service.posts()[0]?.form).toMatchObject({ grant_type: 'password', client_secret: 's3cret' })
  })

  test.each([
    [{ preferred_username: 'token@contoso.com', upn: 'upn@contoso.com' }, 'token@contoso.com'],
    [{ upn: 'upn@contoso.com' }, 'upn@contoso.com'],
    // A personal account without an address: the typed name, not the upn.
    [{ preferred_username: '', upn: 'upn@contoso.com' }, username],
    [{}, username],
  ])('is called what the ID token says, else what was typed (%j)', async (claims, expected) => {
    const { acquire } = begin(managed, () => userToken(ada, { id_token: idToken({ oid: ada.uid, ...claims }) }))
    expect((await acquire()).account?.username).toBe(expected)
  })
})

describe('where nobody knows of realms', () => {
  test('a 404 is remembered for the client', async () => {
    const { acquire, realms } = begin(() => new Response('', { status: 404 }))
    await acquire()
    await acquire({ username: 'bob@contoso.com' })
    expect(realms()).toHaveLength(1)
  })

  test('AD FS is not asked at all', async () => {
    const issuer = 'https://adfs.contoso.com/adfs'
    const { client, service } = createUserClient(
      ({ method }) =>
        method === 'POST'
          ? userToken(ada, {
              client_info: undefined,
              id_token: idToken({ iss: issuer, upn: 'ada@adfs', tid: undefined }),
            })
          : Response.json({ issuer, token_endpoint: `${issuer}/oauth2/token/` }),
      { authority: issuer },
    )
    const { account } = await acquireTokenByUsernamePassword(client, { username, password, scopes })
    expect(account).toMatchObject({ authorityType: 'ADFS', username: 'ada@adfs', homeAccountId: 'sub', realm: 'adfs' })
    expect(service.urls().join()).not.toContain('userrealm')
  })
})

describe('where the domain cannot be learned, the password stays here', () => {
  test.each<[string, () => Response | Promise<Response>, string]>([
    ['a page', () => new Response('<html>'), 'invalid_response'],
    ['a list', () => Response.json([]), 'invalid_response'],
    [
      'a redirect',
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
      'invalid_response',
    ],
    ['403', () => new Response('{}', { status: 403 }), 'invalid_response'],
    ['429', () => new Response('{}', { status: 429 }), 'throttled'],
    ['503', () => new Response('{}', { status: 503 }), 'server_error'],
    ['a reset', () => Promise.reject(new TypeError('fetch failed')), 'network_error'],
  ])('%s', async (_name, realm, code) => {
    const { acquire, service } = begin(realm)
    expect((await errorOf(acquire())).code).toBe(code)
    expect(service.posts()).toEqual([])
  })
})

describe('a federated user', () => {
  test.each(['urn:ietf:params:oauth:grant-type:saml1_1-bearer', 'urn:ietf:params:oauth:grant-type:saml2-bearer'])(
    'signs in by an assertion of the own provider (%s)',
    async (grantType) => {
      const { federation, asked } = createFederation(grantType)
      const { acquire, service } = begin(federated, () => userToken(ada, { id_token: idToken({ oid: ada.uid }) }))
      const { account } = await acquire({ federation })
      // The account is called what was typed where the ID token has no name, and its source is not worth telling.
      expect(account).toMatchObject({ username, accountSource: undefined })
      expect(asked).toMatchObject([
        {
          ...{ username, password, metadataUrl: federated.federation_metadata_url },
          ...{ activeAuthUrl: federated.federation_active_auth_url, audience: 'urn:federation:MicrosoftOnline' },
        },
      ])
      const [post] = service.posts()
      expect(post?.form).toMatchObject({ grant_type: grantType, assertion: 'PHNhbWw' })
      expect(post?.form).not.toHaveProperty('password')
      expect(JSON.stringify(service.requests)).not.toMatch(/Pa55|w0rd/)
    },
  )

  test('has the audience of its cloud, and the usual one where none is told', async () => {
    for (const urn of ['urn:federation:other', undefined]) {
      const { federation, asked } = createFederation()
      await begin({ ...federated, cloud_audience_urn: urn }).acquire({ federation })
      expect(asked[0]?.audience).toBe(urn ?? 'urn:federation:MicrosoftOnline')
    }
  })

  test('is sent on by this client’s own fetch, with its time limit and the caller’s signal', async () => {
    const { acquire, service } = begin(federated)
    const federation: Federation = {
      acquireAssertion: async ({ send, metadataUrl }) => {
        const { status } = await send({ method: 'GET', url: metadataUrl!, headers: { 'x-mark': 'mine' } })
        return { grantType: 'urn:ietf:params:oauth:grant-type:saml2-bearer', assertion: String(status) }
      },
    }
    await acquire({ federation })
    expect(service.requests.find(({ headers }) => headers.get('x-mark') === 'mine')?.url).toBe(
      federated.federation_metadata_url,
    )
  })

  test('needs federation, and the message says which', async () => {
    const { acquire, service } = begin(federated)
    const error = await errorOf(acquire())
    expect(error.code).toBe('missing_dependency')
    expect(error.message).toContain('@latchkey/ws-trust')
    expect(service.posts()).toEqual([])
  })

  test('who is refused by the own provider is told so', async () => {
    const { acquire, cache, service } = begin(federated)
    const refused = new Error('the provider says no')
    const federation = { acquireAssertion: () => Promise.reject(refused) }
    expect(await rejection(acquire({ federation }))).toBe(refused)
    expect(service.posts()).toEqual([])
    expect(cache.serialize()).toBe('{}')
  })
})

describe('a refusal', () => {
  test.each([
    [50126, 'invalid_grant', {}, 'invalid_grant'],
    [50076, 'invalid_grant', { suberror: 'basic_action', claims: '{"a":1}' }, 'invalid_grant'],
    [50079, 'interaction_required', {}, 'interaction_required'],
    [65001, 'invalid_grant', { suberror: 'consent_required' }, 'consent_required'],
  ])('AADSTS%i is told as it is', async (number, error, more, code) => {
    const { acquire, cache } = begin(managed, () => refusal(error, { error_codes: [number], ...more }))
    expect(await errorOf(acquire())).toMatchObject({ code, errorCodes: [number], ...more })
    expect(cache.serialize()).toBe('{}')
  })

  test('of a wrong password is not asked for again at once; another password is', async () => {
    const { acquire, service } = begin(managed, ({ form }) =>
      form['password'] === 'right' ? undefined : refusal('invalid_grant'),
    )
    for (let call = 0; call < 3; call++) await errorOf(acquire())
    expect(service.posts()).toHaveLength(1)
    expect(await acquire({ password: 'right' })).toMatchObject({ account: { username } })
  })

  test('of the ID token leaves nothing behind', async () => {
    const { acquire, cache } = begin(managed, () =>
      userToken(ada, {
        id_token: idToken({ tid: 'other', iss: `https://login.microsoftonline.com/${tenantId}x/v2.0` }),
      }),
    )
    expect((await errorOf(acquire())).code).toBe('id_token_invalid')
    expect(cache.serialize()).toBe('{}')
  })
})

test.each<[string, Realm, (() => Response | Promise<Response>) | undefined]>([
  ['about the domain', () => new Promise(() => {}), undefined],
  ['for the token', managed, () => new Promise(() => {})],
])('the waiting %s can be ended', async (_name, realm, answer) => {
  const { acquire, service, cache } = begin(realm, answer)
  const controller = new AbortController()
  const call = errorOf(acquire({ signal: controller.signal }))
  await until(() => service.requests.length === (answer ? 2 : 1))
  controller.abort()
  expect((await call).code).toBe('user_cancelled')
  await settle()
  expect(cache.serialize()).toBe('{}')
})

test.each([false, true])('the password is in nothing that is kept (refused: %s)', async (isRefused) => {
  const { acquire, cache, client } = begin(managed, () => (isRefused ? refusal('invalid_grant') : undefined))
  await acquire().catch(() => {})
  expect(cache.serialize() + JSON.stringify([...client.httpCache])).not.toMatch(/Pa55|w0rd/)
})

test.each<[string, object]>([
  ['no username', { username: undefined }],
  ['a blank username', { username: ' ' }],
  ['no password', { password: undefined }],
  ['an empty password', { password: '' }],
  ['a password that is no text', { password: 12345 }],
  ['a reserved scope', { scopes: ['profile'] }],
  ['scopes that are a text', { scopes: 'User.Read' }],
  ['a federation that is none', { federation: {} }],
  ['null as the federation', { federation: null }],
])('%s is a mistake of the program', async (_name, more) => {
  const { acquire, service } = begin(managed)
  const error = await rejection(acquire(more))
  expect(error).toBeInstanceOf(TypeError)
  expect(String(error)).not.toContain('12345')
  expect(service.requests).toEqual([])
})

test('so is no client, and are no options', async () => {
  expect(await rejection(acquireTokenByUsernamePassword({} as Client, { username, password }))).toBeInstanceOf(
    TypeError,
  )
  const { client } = begin(managed)
  expect(await rejection(acquireTokenByUsernamePassword(client, undefined as never))).toBeInstanceOf(TypeError)
})
