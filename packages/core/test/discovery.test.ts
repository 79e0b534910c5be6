import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acquireTokenForClient,
  AuthError,
  createConfidentialClient,
  type ConfidentialClientOptions,
} from '@latchkey/core'
import {
  createClient,
  createService,
  rejection,
  scopes,
  settle,
  tenantId,
  token,
  type Asked,
} from './fixtures/tokenService.js'

type Options = Partial<ConfidentialClientOptions>
const acquire = (service: { fetch: typeof globalThis.fetch }, options: Options) =>
  acquireTokenForClient(createClient(service, options), { scopes })
const paths = ({ requests }: { requests: readonly Asked[] }): string[] =>
  requests.map(({ method, url }) => `${method} ${url}`)
const wellKnown = '.well-known/openid-configuration'
const instance = (url: string): string =>
  `GET https://login.microsoftonline.com/common/discovery/instance?api-version=1.0&authorization_endpoint=${encodeURIComponent(`${url}/oauth2/v2.0/authorize`)}`

/** Answers every discovery with this document. */
const discovering = (document: object) =>
  createService(({ method }) => (method === 'GET' ? Response.json(document) : undefined))

describe('a known cloud and a tenant by id cost one request', () => {
  test.each([
    ['login.microsoftonline.com', 'login.microsoftonline.com'],
    ['login.windows.net', 'login.microsoftonline.com'],
    ['login.microsoft.com', 'login.microsoftonline.com'],
    ['sts.windows.net', 'login.microsoftonline.com'],
    ['login.chinacloudapi.cn', 'login.chinacloudapi.cn'],
    ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    ['login.microsoftonline.us', 'login.microsoftonline.us'],
    ['login.usgovcloudapi.net', 'login.microsoftonline.us'],
    ['login-us.microsoftonline.com', 'login-us.microsoftonline.com'],
    ['login.microsoftonline.de', 'login.microsoftonline.de'],
    ['login.sovcloud-identity.fr', 'login.sovcloud-identity.fr'],
    ['login.sovcloud-identity.de', 'login.sovcloud-identity.de'],
    ['login.sovcloud-identity.sg', 'login.sovcloud-identity.sg'],
  ])('%s, to %s', async (host, asked) => {
    for (const tenant of [tenantId, 'common', 'organizations', 'consumers']) {
      const service = createService()
      await acquire(service, { authority: `https://${host}/${tenant}` })
      expect(paths(service)).toEqual([`POST https://${asked}/${tenant}/oauth2/v2.0/token`])
    }
  })
})

describe('other authorities are asked for their endpoints', () => {
  test.each<[string, Options, string[]]>([
    [
      'a domain: its tenant id is in the answer only',
      { authority: 'https://login.microsoftonline.com/contoso.com' },
      [
        `GET https://login.microsoftonline.com/contoso.com/v2.0/${wellKnown}`,
        'POST https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
      ],
    ],
    [
      'a domain at another name of the cloud',
      { authority: 'https://login.windows.net/contoso.com' },
      [
        `GET https://login.microsoftonline.com/contoso.com/v2.0/${wellKnown}`,
        'POST https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
      ],
    ],
    [
      'a B2C policy at a known host',
      { authority: 'https://login.microsoftonline.com/tfp/contoso/B2C_1_x' },
      [
        `GET https://login.microsoftonline.com/tfp/contoso/B2C_1_x/v2.0/${wellKnown}`,
        'POST https://login.microsoftonline.com/tfp/contoso/B2C_1_x/oauth2/v2.0/token',
      ],
    ],
    [
      'a host that only Microsoft can know',
      { authority: `https://login.example.org/${tenantId}` },
      [
        instance(`https://login.example.org/${tenantId}`),
        `GET https://login.example.org/${tenantId}/v2.0/${wellKnown}`,
        `POST https://login.example.org/${tenantId}/oauth2/v2.0/token`,
      ],
    ],
    [
      'one that the caller vouches for',
      { authority: 'https://login.azs/foo', validateAuthority: false },
      [`GET https://login.azs/foo/v2.0/${wellKnown}`, 'POST https://login.azs/foo/oauth2/v2.0/token'],
    ],
    [
      'one that Microsoft shall not be asked about',
      { authority: 'https://login.azs/foo', instanceDiscovery: false },
      [`GET https://login.azs/foo/v2.0/${wellKnown}`, 'POST https://login.azs/foo/oauth2/v2.0/token'],
    ],
    [
      'this machine',
      { authority: 'http://127.0.0.1:8400/contoso.com' },
      [
        `GET http://127.0.0.1:8400/contoso.com/v2.0/${wellKnown}`,
        'POST http://127.0.0.1:8400/contoso.com/oauth2/v2.0/token',
      ],
    ],
    [
      'ADFS',
      { authority: 'https://adfs.contoso.com/adfs' },
      [`GET https://adfs.contoso.com/adfs/${wellKnown}`, 'POST https://adfs.contoso.com/adfs/oauth2/v2.0/token'],
    ],
    [
      'B2C',
      { authority: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x' },
      [
        `GET https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x/v2.0/${wellKnown}`,
        'POST https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x/oauth2/v2.0/token',
      ],
    ],
    [
      'B2C on a host of its own',
      { authority: 'https://login.contoso.com/contoso.onmicrosoft.com/B2C_1_x' },
      [
        `GET https://login.contoso.com/contoso.onmicrosoft.com/B2C_1_x/v2.0/${wellKnown}`,
        'POST https://login.contoso.com/contoso.onmicrosoft.com/B2C_1_x/oauth2/v2.0/token',
      ],
    ],
    [
      'CIAM',
      { authority: 'https://contoso.ciamlogin.com' },
      [
        `GET https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/${wellKnown}`,
        'POST https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
      ],
    ],
    [
      'CIAM with a tenant',
      { authority: 'https://contoso.ciamlogin.com/x.onmicrosoft.com' },
      [
        `GET https://contoso.ciamlogin.com/x.onmicrosoft.com/v2.0/${wellKnown}`,
        'POST https://contoso.ciamlogin.com/x.onmicrosoft.com/oauth2/v2.0/token',
      ],
    ],
    [
      'an issuer',
      { authority: undefined, oidcAuthority: 'https://idp.example.com/tenant' },
      [`GET https://idp.example.com/tenant/${wellKnown}`, 'POST https://idp.example.com/tenant/oauth2/v2.0/token'],
    ],
    [
      'dSTS',
      { authority: 'https://x.dsts.core.windows.net/dstsv2/common' },
      [
        `GET https://x.dsts.core.windows.net/dstsv2/common/${wellKnown}`,
        'POST https://x.dsts.core.windows.net/dstsv2/common/oauth2/v2.0/token',
      ],
    ],
  ])('%s', async (_, options, requests) => {
    const service = createService()
    const client = createClient(service, options)
    await acquireTokenForClient(client, { scopes })
    expect(paths(service)).toEqual(requests)
    await acquireTokenForClient(client, { scopes: ['https://vault.azure.net/.default'] })
    expect(service.requests.slice(requests.length).map(({ method }) => method)).toEqual(['POST'])
  })

  test('the realm is the tenant of the token endpoint', async () => {
    const document = { issuer: 'x', token_endpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token` }
    const byDomain = createClient(discovering(document), { authority: 'https://login.microsoftonline.com/contoso.com' })
    const result = await acquireTokenForClient(byDomain, { scopes })
    const byId = createClient(createService(), { cache: byDomain.cache })
    expect(await acquireTokenForClient(byId, { scopes })).toMatchObject({
      accessToken: result.accessToken,
      source: 'cache',
    })
  })
})

describe('discovery', () => {
  const options = { authority: 'https://login.microsoftonline.com/contoso.com' }

  test('is shared by callers at the same time', async () => {
    const service = createService()
    const client = createClient(service, options)
    await Promise.all(['a', 'b', 'c'].map((scope) => acquireTokenForClient(client, { scopes: [scope] })))
    expect(service.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST', 'POST'])
  })

  test('goes on when one of them leaves, and ends with the last', async () => {
    const answer = Promise.withResolvers<Response>()
    const service = createService(({ method }) => (method === 'GET' ? answer.promise : undefined))
    const client = createClient(service, options)
    const controllers = [new AbortController(), new AbortController()]
    const leaving = controllers.map(({ signal }) => rejection(acquireTokenForClient(client, { scopes, signal })))
    await settle()
    controllers[0]?.abort()
    await settle()
    expect(service.requests[0]?.signal?.aborted).toBe(false)
    controllers[1]?.abort()
    await Promise.all(leaving)
    await settle()
    expect(service.requests[0]?.signal?.aborted).toBe(true)
  })

  test.each<[string, () => Response, string]>([
    ['a 500', () => new Response('', { status: 500 }), 'server_error'],
    ['a 429', () => new Response('', { status: 429 }), 'server_error'],
    ['a 404', () => new Response('', { status: 404 }), 'invalid_authority'],
    [
      'invalid_tenant',
      () => Response.json({ error: 'invalid_tenant', error_codes: [90002] }, { status: 400 }),
      'invalid_authority',
    ],
    ['a page', () => new Response('<html>'), 'invalid_authority'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }),
      'invalid_authority',
    ],
    ['no body', () => new Response(''), 'invalid_authority'],
    ['a list', () => Response.json([]), 'invalid_authority'],
    ['null', () => Response.json(null), 'invalid_authority'],
    ['deeply nested JSON', () => new Response('['.repeat(1e5)), 'invalid_authority'],
    ['no token endpoint', () => Response.json({ issuer: 'x' }), 'invalid_authority'],
    ['a token endpoint that is none', () => Response.json({ token_endpoint: 5 }), 'invalid_authority'],
    [
      'an inherited token endpoint',
      () => new Response('{"__proto__":{"token_endpoint":"https://login.microsoftonline.com/x/token"}}'),
      'invalid_authority',
    ],
    ['50 MB', () => new Response('x'.repeat(50e6)), 'invalid_response'],
    [
      'a reset',
      () => {
        throw new TypeError('fetch failed')
      },
      'network_error',
    ],
  ])('that fails with %s says so, and is done again the next time', async (_, answer, code) => {
    const service = createService((__, index) => (index === 0 ? answer() : undefined))
    const client = createClient(service, options)
    const error = await rejection(acquireTokenForClient(client, { scopes }))
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code })
    if (code !== 'invalid_response') expect((error as Error).message).toContain('login.microsoftonline.com')
    expect(service.requests).toHaveLength(1)
    expect(client.httpCache.size).toBe(0)
    expect(await acquireTokenForClient(client, { scopes })).toMatchObject({ source: 'identity_provider' })
  })

  test('of a host that Microsoft does not know says what to do', async () => {
    const service = createService(() => Response.json({ error: 'invalid_instance' }, { status: 400 }))
    const error = await rejection(acquire(service, { authority: 'https://login.evil.example/common' }))
    expect(error).toMatchObject({ code: 'invalid_authority' })
    expect((error as Error).message).toMatch(/invalid_instance.*instanceDiscovery/)
    expect(service.requests).toHaveLength(1)
  })

  test('is tried again after a reset', async () => {
    const service = createService((_, index) => {
      if (index === 0) throw new TypeError('fetch failed')
      return undefined
    })
    expect(await acquire(service, { ...options, maxRetries: 1 })).toMatchObject({ source: 'identity_provider' })
  })
})

describe('a document that names an endpoint elsewhere is refused', () => {
  const entra = { authority: 'https://login.microsoftonline.com/contoso.com' }
  const unknown = { authority: 'https://login.example.org/contoso', instanceDiscovery: false }
  test.each<[string, Options, string]>([
    ['another host', entra, 'https://evil.example/token'],
    ['a host that only ends like it', entra, 'https://evillogin.microsoftonline.com/token'],
    ['a host that only begins like it', entra, 'https://login.microsoftonline.com.evil.example/token'],
    ['another cloud', entra, 'https://login.microsoftonline.us/contoso/token'],
    ['http', entra, 'http://login.microsoftonline.com/contoso/token'],
    ['a user', entra, 'https://user@login.microsoftonline.com/contoso/token'],
    ['a password', entra, 'https://:password@login.microsoftonline.com/contoso/token'],
    ['the host as a user', entra, 'https://login.microsoftonline.com@evil.example/token'],
    ['a script', entra, 'javascript:alert(1)'],
    ['data', entra, 'data:text/plain,x'],
    ['a path', entra, '/contoso/oauth2/v2.0/token'],
    ['nothing', entra, ''],
    ['another host, of one that is unknown', unknown, 'https://evil.example/token'],
    ['http, of one that is unknown', unknown, 'http://login.example.org/token'],
    ['another host, of ADFS', { authority: 'https://adfs.contoso.com/adfs' }, 'https://evil.example/adfs/token'],
    ['another host, of B2C', { authority: 'https://a.b2clogin.com/t/B2C_1_x' }, 'https://b.b2clogin.com/t/token'],
    ['another host, of CIAM', { authority: 'https://a.ciamlogin.com' }, 'https://b.ciamlogin.com/t/token'],
    ['http, of an issuer', { authority: undefined, oidcAuthority: 'https://id.example/t' }, 'http://id.example/token'],
    ['http, of this machine', { authority: 'http://127.0.0.1:1/t' }, 'http://evil.example/token'],
    [
      'another host, of an issuer that is Microsoft’s',
      { authority: undefined, oidcAuthority: `https://login.microsoftonline.com/${tenantId}/v2.0` },
      'https://evil.example/token',
    ],
    [
      'another cloud, of an issuer that is Microsoft’s',
      { authority: undefined, oidcAuthority: `https://login.microsoftonline.com/${tenantId}/v2.0` },
      'https://login.chinacloudapi.cn/token',
    ],
  ])('%s', async (_, options, token_endpoint) => {
    const { url } = createConfidentialClient({ clientId: 'x', credential: { apply: () => {} }, ...options }).authority
    const service = discovering({ issuer: url, token_endpoint })
    expect(await rejection(acquire(service, options))).toMatchObject({ code: 'invalid_authority' })
    expect(service.posts()).toEqual([])
  })

  test('and so is an instance that names a document elsewhere', async () => {
    for (const tenant_discovery_endpoint of ['https://evil.example/x', 'http://login.microsoftonline.com/x', 'x', 5]) {
      const service = discovering({ tenant_discovery_endpoint })
      expect(await rejection(acquire(service, { authority: 'https://login.example.org/common' }))).toMatchObject({
        code: 'invalid_authority',
      })
      expect(service.requests).toHaveLength(1)
    }
  })

  test.each<[string, Options, string]>([
    ['another name of the cloud', entra, 'https://login.windows.net/contoso/token'],
    ['the same host', unknown, 'https://login.example.org/other/token'],
    [
      'any secure host, of an issuer',
      { authority: undefined, oidcAuthority: 'https://id.example/t' },
      'https://token.example/t/token',
    ],
    ['this machine', { authority: 'http://127.0.0.1:1/t' }, 'http://127.0.0.1:2/token'],
  ])('but not one that names %s', async (_, options, token_endpoint) => {
    const { url } = createConfidentialClient({ clientId: 'x', credential: { apply: () => {} }, ...options }).authority
    const service = discovering({ issuer: url, token_endpoint })
    await acquire(service, options)
    expect(service.posts()[0]?.url).toBe(token_endpoint)
  })
})

describe('no request leaves the chosen cloud', () => {
  const clouds = [
    ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    ['login-us.microsoftonline.com'],
    ['login.microsoftonline.de'],
    ['login.sovcloud-identity.fr'],
    ['login.sovcloud-identity.de'],
    ['login.sovcloud-identity.sg'],
  ]

  test('whatever the tenant, the options and the answers', async () => {
    const cloud = fc.constantFrom(...clouds)
    const run = fc.record({
      chosen: cloud.chain((hosts) => fc.record({ hosts: fc.constant(hosts), host: fc.constantFrom(...hosts) })),
      tenant: fc.constantFrom(tenantId, 'common', 'contoso.com', 'tfp/contoso/B2C_1_x', 'contoso.com/B2C_1_x', 'adfs'),
      answers: fc.array(fc.constantFrom(...clouds.flat(), 'evil.example'), { minLength: 1, maxLength: 4 }),
      azureRegion: fc.constantFrom(undefined, 'westus2', false),
      asIssuer: fc.boolean(),
      status: fc.constantFrom(200, 400, 500),
    })
    await fc.assert(
      fc.asyncProperty(run, async ({ chosen: { hosts, host }, tenant, answers, azureRegion, asIssuer, status }) => {
        const url = `https://${host}/${tenant}`
        const service = createService(({ method }, index) => {
          const named = answers[index % answers.length]!
          const document = {
            issuer: url,
            token_endpoint: `https://${named}/x/token`,
            tenant_discovery_endpoint: `https://${named}/x`,
          }
          if (method === 'GET') return Response.json(document)
          return status === 200 ? token() : Response.json({}, { status })
        })
        const authority = asIssuer ? { authority: undefined, oidcAuthority: url } : { authority: url }
        const client = createClient(service, { ...authority, azureRegion, maxRetries: 0 })
        for (const scope of ['a', 'b']) await acquireTokenForClient(client, { scopes: [scope] }).catch(() => {})
        const regional = hosts[0] === 'login.microsoftonline.com' ? ['westus2.login.microsoft.com'] : []
        const own = [...hosts, ...hosts.map((name) => `westus2.${name}`), ...regional]
        for (const { url } of service.requests) expect(own).toContain(new URL(url).host)
      }),
      { numRuns: 500 },
    )
  })
})
