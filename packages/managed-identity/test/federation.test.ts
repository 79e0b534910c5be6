import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { acquireTokenForClient, clientAssertion, createConfidentialClient, type ClientCredential } from '@latchkey/core'
import { createEmulator, type FederatedIdentity } from '@latchkey/emulator'
import {
  createManagedIdentityClient,
  githubActionsCredential,
  managedIdentityCredential,
  systemAssigned,
  workloadIdentityCredential,
} from '@latchkey/managed-identity'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEndpoint, json, type Step } from './fixtures/endpoint.js'
import { createHost } from './fixtures/sources.js'

const clientId = '9b1c2d3e-4f50-4a6b-8c7d-0e1f2a3b4c5d'
const scopes = ['https://graph.microsoft.com/.default']
const audience = 'api://AzureADTokenExchange'
const emulator = createEmulator()
const { tenantId, authority } = emulator.defaults
const keys = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256' }

const sign = (issuer: string, subject: string, seconds = 600, id = crypto.randomUUID()): Promise<string> =>
  new SignJWT({ jti: id })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(keys.privateKey)

/** A token for an app that has no secret, but trusts somebody. */
async function appToken(trusted: FederatedIdentity, credential: ClientCredential): Promise<string> {
  emulator.directory.addApp({ clientId, tenantId, federatedCredentials: [trusted] })
  const app = createConfidentialClient({ clientId, authority, credential, fetch: emulator.fetch })
  return (await acquireTokenForClient(app, { scopes })).accessToken
}
const assertions = (): (string | undefined)[] =>
  emulator.requests.filter(({ url }) => url.endsWith('/token')).map(({ form }) => form?.['client_assertion_type'])

describe('managedIdentityCredential', () => {
  const trusted = {
    issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    subject: [...emulator.directory.managedIdentities.values()][0]!.objectId,
  }
  const create = () => {
    const options = { identity: systemAssigned(), env: {}, host: createHost({}), fetch: emulator.fetch }
    return createManagedIdentityClient(options)
  }

  test('proves an app’s identity; its assertion is cached', async () => {
    emulator.clearRequests()
    const credential = managedIdentityCredential(create())
    expect((await appToken(trusted, credential)).split('.')).toHaveLength(3)
    await appToken(trusted, credential)
    const urls = emulator.requests.map(({ url }) => new URL(url).pathname)
    expect(urls.filter((path) => path.startsWith('/metadata'))).toHaveLength(1)
    expect(new URL(emulator.requests[0]!.url).searchParams.get('resource')).toBe(audience)
    expect(assertions()[0]).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  })

  test('can be used by clientAssertion, too', async () => {
    await appToken(trusted, clientAssertion(managedIdentityCredential(create()).getAssertion))
  })

  test('has other audiences in other clouds', async () => {
    const { fetch, asked } = createEndpoint(json({ access_token: 'a.b.c', expires_in: 3600 }))
    const client = createManagedIdentityClient({ identity: systemAssigned(), env: {}, fetch, host: createHost({}) })
    const resource = 'api://AzureADTokenExchangeUSGov'
    expect(await managedIdentityCredential(client, { resource }).getAssertion({ now: Date.now })).toBe('a.b.c')
    expect(asked[0]!.parameters['resource']).toBe(resource)
  })

  test('says that there is no managed identity here', async () => {
    const { fetch } = createEndpoint(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))
    const client = createManagedIdentityClient({ identity: systemAssigned(), env: {}, fetch, host: createHost({}) })
    await expect(appToken(trusted, managedIdentityCredential(client))).rejects.toMatchObject({
      code: 'managed_identity_unavailable',
    })
  })
})

describe('workloadIdentityCredential', () => {
  const trusted = { issuer: 'https://cluster.example', subject: 'system:serviceaccount:ns:app', keys: [jwk] }
  let folder = ''
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'latchkey-workload-'))))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('reads the file anew for each request, and tells of the app', async () => {
    const file = join(folder, 'token')
    const env = {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: tenantId,
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    }
    const credential = workloadIdentityCredential({ env })
    expect(credential).toMatchObject({ clientId, authority })
    // As Kubernetes does it: a link that is put in another's place.
    const write = async (name: string, subject: string): Promise<void> => {
      await writeFile(join(folder, name), `${await sign(trusted.issuer, subject)}\n`)
      await unlink(file).catch(() => {})
      if (process.platform === 'win32') await writeFile(file, await sign(trusted.issuer, subject))
      else await symlink(join(folder, name), file)
    }
    await write('first', trusted.subject)
    await appToken(trusted, credential)
    await write('second', 'somebody-else')
    await expect(appToken(trusted, credential)).rejects.toMatchObject({ errorCodes: [700213] })
    await write('third', trusted.subject)
    await appToken(trusted, clientAssertion(credential.getAssertion))
  })

  test.each([
    ['no variable', {}, undefined, 'managed_identity_unavailable'],
    ['an empty variable', { AZURE_FEDERATED_TOKEN_FILE: '' }, undefined, 'managed_identity_unavailable'],
    ['no file', { AZURE_FEDERATED_TOKEN_FILE: '/none' }, undefined, 'managed_identity_error'],
    ['an empty file', { AZURE_FEDERATED_TOKEN_FILE: '/a' }, '', 'managed_identity_error'],
    ['no token in it', { AZURE_FEDERATED_TOKEN_FILE: '/a' }, 'my-secret-text', 'managed_identity_error'],
    ['two tokens in it', { AZURE_FEDERATED_TOKEN_FILE: '/a' }, 'a.b.c\nd.e.f', 'managed_identity_error'],
  ])('says what is wrong: %s', async (_, env, text, code) => {
    const host = createHost(text === undefined ? {} : { '/a': text })
    const credential = workloadIdentityCredential({ env, host })
    const error: unknown = await appToken(trusted, credential).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(String((error as Error).stack)).not.toContain('my-secret-text')
  })

  test('a file that is given is used, and the authority has a default', async () => {
    const host = createHost({ '/given': await sign(trusted.issuer, trusted.subject) })
    const credential = workloadIdentityCredential({ tokenFile: '/given', env: { AZURE_TENANT_ID: 't' }, host })
    await appToken(trusted, credential)
    expect(credential.authority).toBe('https://login.microsoftonline.com/t')
    expect(workloadIdentityCredential({ env: {}, host })).toMatchObject({ clientId: undefined, authority: undefined })
  })

  test('a file that is too large is not read', async () => {
    await writeFile(join(folder, 'large'), `a.${'b'.repeat(20_000)}.c`)
    const credential = workloadIdentityCredential({ tokenFile: join(folder, 'large'), env: {} })
    await expect(appToken(trusted, credential)).rejects.toMatchObject({
      message: expect.stringContaining('larger than 16384 bytes') as string,
    })
  })
})

describe('githubActionsCredential', () => {
  const trusted = { issuer: 'https://token.actions.example', subject: 'repo:o/r:ref:refs/heads/main', keys: [jwk] }
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example/x?api-version=2.0',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'the-request-token',
  }
  const answer = async (seconds?: number): Promise<Step> =>
    json({ value: await sign(trusted.issuer, trusted.subject, seconds), count: 1 })

  test('asks GitHub once while the answer is good', async () => {
    const { fetch, asked } = createEndpoint(await answer(600), await answer(1200))
    const credential = githubActionsCredential({ env, fetch })
    await appToken(trusted, credential)
    await appToken(trusted, clientAssertion(credential.getAssertion))
    expect(asked).toEqual([
      {
        url: 'https://pipelines.example/x',
        parameters: { 'api-version': '2.0', audience },
        headers: { authorization: 'Bearer the-request-token', accept: 'application/json' },
      },
    ])
    const later = (ms: number) => credential.getAssertion({ now: () => Date.now() + ms })
    const first = await later(530_000)
    const second = await later(541_000)
    expect(first === second).toBe(false)
    expect(await later(541_000)).toBe(second)
    expect(asked).toHaveLength(2)
  })

  test('equal calls share one request, and a failure is not kept', async () => {
    const { fetch, asked } = createEndpoint(json({}, 403), await answer())
    const { getAssertion } = githubActionsCredential({ env, fetch, audience: 'api://other' })
    const ask = () => getAssertion({ now: Date.now })
    const failed = await Promise.allSettled([ask(), ask()])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const [one, other] = await Promise.all([ask(), ask()])
    expect(one).toBe(other)
    expect(asked.map(({ parameters }) => parameters['audience'])).toEqual(['api://other', 'api://other'])
  })

  test.each([
    ['a refusal', json({ message: 'the-request-token' }, 403), { code: 'managed_identity_error', status: 403 }],
    ['no assertion', json({}), { code: 'invalid_response' }],
    ['what is no assertion', json({ value: 'a b' }), { code: 'invalid_response' }],
    ['no JSON', () => new Response('x'), { code: 'invalid_response' }],
    ['no answer', new TypeError('fetch failed'), { code: 'network_error' }],
  ] as const)('says what is wrong: %s', async (_, step, expected) => {
    const credential = githubActionsCredential({ env, fetch: createEndpoint(step).fetch, maxRetries: 0 })
    const error: unknown = await appToken(trusted, credential).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(expected)
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain('the-request-token')
  })

  test.each([
    ['no job', {}, 'managed_identity_unavailable'],
    ['no permission', { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, 'managed_identity_unavailable'],
    ['no https', { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: 'http://pipelines.example' }, 'managed_identity_error'],
    ['no address', { ...env, ACTIONS_ID_TOKEN_REQUEST_URL: 'x' }, 'managed_identity_error'],
  ])('says so before any request: %s', async (_, variables, code) => {
    const { fetch, asked } = createEndpoint(await answer())
    await expect(appToken(trusted, githubActionsCredential({ env: variables, fetch }))).rejects.toMatchObject({ code })
    expect(asked).toEqual([])
  })
})
