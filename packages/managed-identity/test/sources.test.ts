import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  detectManagedIdentity,
  systemAssigned,
  userAssigned,
  type ManagedIdentity,
  type ManagedIdentityClientOptions,
} from '@latchkey/managed-identity'
import { describe, expect, test } from 'vitest'
import { createEndpoint, json, NOW, token, type Step } from './fixtures/endpoint.js'
import { createHost, environments, KEYS } from './fixtures/sources.js'

type Source = keyof typeof environments
type Selector = 'system' | 'clientId' | 'resourceId' | 'objectId'

const ids = { clientId: 'the-client-id', resourceId: '/subscriptions/S/ids/I', objectId: 'the-object-id' }
const identities: Record<Selector, ManagedIdentity> = {
  system: systemAssigned(),
  clientId: userAssigned({ clientId: ids.clientId }),
  resourceId: userAssigned({ resourceId: ids.resourceId }),
  objectId: userAssigned({ objectId: ids.objectId }),
}
const challenge: Step = json({}, 401, { 'WWW-Authenticate': `Basic realm=${KEYS}/a.key` })

function create(
  source: Source,
  identity: ManagedIdentity,
  steps: Step[],
  more: Partial<ManagedIdentityClientOptions> = {},
) {
  const { fetch, asked } = createEndpoint(...(source === 'azureArc' ? [challenge] : []), ...steps)
  const host = createHost()
  const env = environments[source]
  const now = (): number => NOW * 1000
  const client = createManagedIdentityClient({ identity, env, host, fetch, now, maxRetries: 0, ...more })
  return { acquire: () => acquireTokenForManagedIdentity(client, { resource: 'https://r.example/' }), asked }
}

/** What is sent, apart from api-version and resource; `refused` where nothing is sent at all. */
const selections: Record<Source, Record<Selector, Record<string, string> | 'refused'>> = {
  imds: {
    system: {},
    clientId: { client_id: ids.clientId },
    resourceId: { msi_res_id: ids.resourceId },
    objectId: { object_id: ids.objectId },
  },
  appService: {
    system: {},
    clientId: { client_id: ids.clientId },
    resourceId: { mi_res_id: ids.resourceId },
    objectId: { object_id: ids.objectId },
  },
  machineLearning: {
    system: {},
    clientId: { clientid: ids.clientId },
    resourceId: { msi_res_id: ids.resourceId },
    objectId: { object_id: ids.objectId },
  },
  azureArc: { system: {}, clientId: 'refused', resourceId: 'refused', objectId: 'refused' },
  serviceFabric: { system: {}, clientId: 'refused', resourceId: 'refused', objectId: 'refused' },
}

const requests: Record<Source, { url: string; version: string; headers: Record<string, string> }> = {
  imds: {
    url: 'http://169.254.169.254/metadata/identity/oauth2/token',
    version: '2018-02-01',
    headers: { metadata: 'true' },
  },
  appService: {
    url: environments.appService['IDENTITY_ENDPOINT']!,
    version: '2019-08-01',
    headers: { 'x-identity-header': 'app-service-secret', metadata: 'true' },
  },
  machineLearning: {
    url: environments.machineLearning['MSI_ENDPOINT']!,
    version: '2017-09-01',
    headers: { secret: 'machine-learning-secret' },
  },
  azureArc: {
    url: environments.azureArc['IDENTITY_ENDPOINT']!,
    version: '2020-06-01',
    headers: { metadata: 'true', authorization: 'Basic arc-key-secret' },
  },
  serviceFabric: {
    url: environments.serviceFabric['IDENTITY_ENDPOINT']!,
    version: '2019-07-01-preview',
    headers: { secret: 'service-fabric-secret' },
  },
}

interface Expected {
  readonly code: string
  readonly error?: string
  readonly errorDescription?: string
}
const otherwise = (description: string | undefined): Expected => ({
  code: 'managed_identity_error',
  error: 'invalid_scope',
  ...(description !== undefined && { errorDescription: description }),
})
const raw = '{"error":"invalid_resource","error_description":"AADSTS500011","statusCode":400,"message":"no"}'
const dump = { errorDescription: raw }
const body = JSON.parse(raw) as unknown

/** What an answer comes to: a token, or an error. */
const outcomes: [name: string, step: Step, expected: Record<Source, Expected> | 'token'][] = [
  ['a token that says how long it is good for', token('t', { expires_on: undefined, expires_in: '3600' }), 'token'],
  [
    'a token that says until when it is good',
    token('t', { expires_in: undefined, expires_on: `${NOW + 3600}` }),
    'token',
  ],
  ['the same as a number', token('t', { expires_in: undefined, expires_on: NOW + 3600 }), 'token'],
  [
    'the same as a date',
    token('t', { expires_in: undefined, expires_on: new Date((NOW + 3600) * 1000).toUTCString() }),
    'token',
  ],
  ['a token without a type', token('t', { token_type: undefined }), 'token'],
  [
    'a refusal',
    json(body, 400),
    {
      imds: { code: 'managed_identity_error', error: 'invalid_resource', errorDescription: 'AADSTS500011' },
      appService: otherwise('400, no'),
      machineLearning: { ...otherwise(undefined), ...dump },
      azureArc: { code: 'managed_identity_error', error: 'invalid_request', ...dump },
      serviceFabric: { code: 'managed_identity_error', error: 'invalid_request', ...dump },
    },
  ],
  [
    'a refusal that looks like success',
    json({ error: 'unauthorized_client', statusCode: 1 }),
    same('managed_identity_error'),
  ],
  ['a 429', json({}, 429), same('throttled')],
  ['a 500', json({}, 500), same('server_error')],
  ['no JSON', () => new Response('<html>'), same('invalid_response')],
  ['an empty answer', () => new Response(''), same('invalid_response')],
  ['an empty object', json({}), same('invalid_response')],
  ['a list', json([]), same('invalid_response')],
  ['no end', token('t', { expires_in: undefined, expires_on: undefined }), same('invalid_response')],
  ['an end that is none', token('t', { expires_in: undefined, expires_on: 'soon' }), same('invalid_response')],
  ['a token that is none', token('t', { access_token: { a: 1 } }), same('invalid_response')],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'https://x.example' } }),
    same('managed_identity_error'),
  ],
  ['a proxy’s page', () => new Response('<html>', { status: 502 }), same('server_error')],
]

function same(code: string): Record<Source, Expected> {
  const entries = Object.keys(environments).map((source) => [source, { code }] as const)
  return Object.fromEntries(entries) as Record<Source, Expected>
}

const sources = Object.keys(environments) as Source[]
const selectors = Object.keys(identities) as Selector[]
const cells = sources.flatMap((source) => selectors.map((selector) => [source, selector] as const))

describe.each(cells)('%s, %s', (source, selector) => {
  const selection = selections[source][selector]

  if (selection === 'refused') {
    test('is refused before any request', async () => {
      const { acquire, asked } = create(source, identities[selector], [token()])
      await expect(acquire()).rejects.toMatchObject({
        code: 'managed_identity_error',
        message: `Cannot ask ${source} for a user-assigned identity: it would answer with another one's token`,
      })
      expect(asked).toEqual([])
    })
    return
  }

  test('is asked as documented', async () => {
    const { acquire, asked } = create(source, identities[selector], [token()])
    await acquire()
    const { url, version, headers } = requests[source]
    const parameters = { 'api-version': version, resource: 'https://r.example/', ...selection }
    expect(asked.at(-1)).toEqual({ url, parameters, headers })
    expect(asked).toHaveLength(source === 'azureArc' ? 2 : 1)
  })

  test.each(outcomes)('%s', async (_, step, expected) => {
    const { acquire } = create(source, identities[selector], [step])
    if (expected === 'token') {
      const result = await acquire()
      expect(result).toMatchObject({ accessToken: 't', tokenType: 'Bearer', expiresOn: new Date((NOW + 3600) * 1000) })
    } else await expect(acquire()).rejects.toMatchObject({ name: 'AuthError', ...expected[source] })
  })

  test('another identity’s token is refused', async () => {
    const others = { client_id: 'another', object_id: 'another', msi_res_id: 'another', mi_res_id: 'another' }
    const { acquire } = create(source, identities[selector], [token('t', others)])
    if (selector === 'system') await expect(acquire()).resolves.toMatchObject({ accessToken: 't' })
    else
      await expect(acquire()).rejects.toMatchObject({
        code: 'managed_identity_error',
        message: `Cannot use the token of ${source}: it is another identity's`,
      })
  })

  test('its own identity may be spelled otherwise', async () => {
    const echo = { client_id: 'THE-CLIENT-ID', object_id: 'THE-OBJECT-ID', msi_res_id: ids.resourceId.toUpperCase() }
    await expect(create(source, identities[selector], [token('t', echo)]).acquire()).resolves.toBeDefined()
  })
})

describe('an agent of Azure Arc that knows user-assigned identities', () => {
  const arc = (selector: Selector, echo: object) =>
    create('azureArc', identities[selector], [token('t', { ...echo })], { arcUserAssigned: true })

  test.each([
    ['clientId', { client_id: ids.clientId }],
    ['resourceId', { msi_res_id: ids.resourceId }],
    ['objectId', { object_id: ids.objectId }],
  ] as const)('by %s', async (selector, echo) => {
    const { acquire, asked } = arc(selector, echo)
    await expect(acquire()).resolves.toMatchObject({ accessToken: 't' })
    expect(asked[1]!.parameters).toMatchObject(echo)
    await expect(arc(selector, {}).acquire()).rejects.toMatchObject({
      code: 'managed_identity_error',
      message: 'Cannot use the token of azureArc: it is not said to be of the identity that was asked for',
    })
  })

  test('needs no echo for its own', async () => {
    await expect(arc('system', {}).acquire()).resolves.toMatchObject({ accessToken: 't' })
  })
})

describe('errors of Service Fabric', () => {
  test.each([
    ['SecretHeaderNotFound', 'unauthorized_client'],
    ['ManagedIdentityNotFound', 'invalid_client'],
    ['ArgumentNullOrEmpty', 'invalid_scope'],
    ['InvalidApiVersion', 'invalid_request'],
    ['constructor', 'invalid_request'],
  ])('%s', async (code, error) => {
    const { acquire } = create('serviceFabric', systemAssigned(), [json({ error: { code } }, 400)])
    await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_error', error })
  })
})

test('a virtual machine without that identity has none', async () => {
  const refusal = json({ error: 'invalid_request', error_description: 'Identity not found' }, 400)
  const { acquire } = create('imds', systemAssigned(), [refusal])
  await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_unavailable', error: 'invalid_request' })
})

describe('detection', () => {
  const host = createHost({})
  test.each(sources)('%s', async (source) => {
    const env = { ...environments[source], UNRELATED: 'x' }
    const { source: found, variables, explanation } = await detectManagedIdentity({ env, host })
    expect(found).toBe(source)
    const set = Object.keys(variables).filter((name) => variables[name])
    expect(set.sort()).toEqual(Object.keys(environments[source]).sort())
    for (const secret of ['app-service-secret', 'machine-learning-secret', 'service-fabric-secret'])
      expect(explanation).not.toContain(secret)
  })

  test('the first that fits is it, and a variable that is there counts even if empty', async () => {
    const all = Object.assign({}, ...Object.values(environments)) as Record<string, string>
    const left = Object.fromEntries(Object.keys(all).map((name) => [name, '']))
    const seen: string[] = []
    const next = async (...gone: string[]): Promise<void> => {
      for (const name of gone) delete left[name]
      seen.push((await detectManagedIdentity({ env: left, host })).source)
    }
    await next()
    await next('IDENTITY_SERVER_THUMBPRINT')
    await next('IDENTITY_HEADER')
    await next('MSI_SECRET')
    await next('IMDS_ENDPOINT')
    expect(seen).toEqual(['serviceFabric', 'appService', 'machineLearning', 'azureArc', 'imds'])
  })

  test.each([
    ['linux', '/opt/azcmagent/bin/himds', 'azureArc'],
    ['linux', '/var/opt/azcmagent/bin/himds', 'imds'],
    ['win32', 'C:\\Program Files\\AzureConnectedMachineAgent\\himds.exe', 'azureArc'],
    ['darwin', '/opt/azcmagent/bin/himds', 'imds'],
  ])('on %s, %s is %s', async (platform, path, source) => {
    const env = { ProgramFiles: 'C:\\Program Files' }
    const detected = await detectManagedIdentity({ env, host: createHost({ [path]: '' }, platform) })
    expect(detected).toMatchObject({ source, hasArcAgent: source === 'azureArc' })
  })

  test('Cloud Shell is said to be one', async () => {
    const env = { AZUREPS_HOST_ENVIRONMENT: 'cloud-shell/1.0', MSI_ENDPOINT: 'http://localhost:50342/oauth2/token' }
    expect(await detectManagedIdentity({ env, host })).toMatchObject({ source: 'cloudShell' })
  })

  test('needs no options', async () => {
    expect((await detectManagedIdentity()).explanation).toContain('Azure Arc')
  })
})

describe('endpoints', () => {
  test.each([
    ['http://10.0.0.1:1234', 'http://10.0.0.1:1234/metadata/identity/oauth2/token'],
    ['/http://10.0.0.1:1234//', 'http://10.0.0.1:1234/metadata/identity/oauth2/token'],
    ['', 'http://169.254.169.254/metadata/identity/oauth2/token'],
  ])('the host of virtual machines can be replaced: %s', async (host, url) => {
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: host }
    const { acquire, asked } = create('imds', systemAssigned(), [token()], { env })
    await acquire()
    expect(asked[0]!.url).toBe(url)
  })

  test.each([
    ['AZURE_POD_IDENTITY_AUTHORITY_HOST', { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'file:///etc' }],
    ['IDENTITY_ENDPOINT', { IDENTITY_ENDPOINT: '', IDENTITY_HEADER: '' }],
    ['IDENTITY_ENDPOINT', { IDENTITY_ENDPOINT: 'ftp://x.example', IDENTITY_HEADER: 'x' }],
    ['IDENTITY_ENDPOINT', { ...environments.serviceFabric, IDENTITY_ENDPOINT: 'http://x.example' }],
    ['MSI_ENDPOINT', { MSI_ENDPOINT: 'x', MSI_SECRET: 'x' }],
    ['IDENTITY_ENDPOINT', { IDENTITY_ENDPOINT: 'http://x.example', IMDS_ENDPOINT: 'x' }],
    ['IDENTITY_ENDPOINT', { IDENTITY_ENDPOINT: 'http://localhost.example', IMDS_ENDPOINT: 'x' }],
  ])('%s that is no address for it is refused before any request', async (name, env) => {
    const { acquire, asked } = create('imds', systemAssigned(), [token()], { env })
    await expect(acquire()).rejects.toMatchObject({
      code: 'managed_identity_error',
      message: expect.stringContaining(name) as string,
    })
    expect(asked).toEqual([])
  })

  test('parameters of the endpoint’s own stay', async () => {
    const env = { ...environments.appService, IDENTITY_ENDPOINT: 'http://127.0.0.1:1/x?own=1&resource=other' }
    const { acquire, asked } = create('appService', systemAssigned(), [token()], { env })
    await acquire()
    expect(asked[0]!.parameters).toEqual({ own: '1', resource: 'https://r.example/', 'api-version': '2019-08-01' })
  })
})
