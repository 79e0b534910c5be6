import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  createCertificate,
  createEmulator,
  generateSigningKey,
  managedIdentityEnvironment,
  serve,
  type ManagedIdentityPlace,
} from '@latchkey/emulator'

const signingKey = generateSigningKey()
const resource = 'https://vault.azure.net'
const [machine, reader] = [...createEmulator().directory.managedIdentities.values()]

/** What MSAL Node comes to with these variables. */
async function msalNode(env: Record<string, string>, clientId = ''): Promise<Record<string, unknown>> {
  const program = fileURLToPath(new URL('fixtures/msalManagedIdentity.ts', import.meta.url))
  const { PATH } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [program, resource, clientId], {
    env: { PATH, ...env },
  })
  return JSON.parse(stdout) as Record<string, unknown>
}

describe('MSAL Node gets a token', () => {
  test.each([
    ['imds', undefined],
    ['imds', reader],
    ['appService', undefined],
    ['appService', reader],
    ['machineLearning', undefined],
    ['machineLearning', reader],
  ] as const)('from %s over a socket', async (place, identity) => {
    const emulator = createEmulator({ signingKey })
    const served = await serve(emulator)
    try {
      const env = managedIdentityEnvironment(place, { url: served.url })
      const { token, expiresOn } = await msalNode(env, identity?.clientId)
      const claims = decodeJwt(String(token))
      expect(claims).toMatchObject({ oid: (identity ?? machine!).objectId, tid: emulator.defaults.tenantId })
      expect(expiresOn).toBeGreaterThan((claims.exp! - 60) * 1000)
    } finally {
      await served.close()
    }
  })

  test('from cloudShell, of its user', async () => {
    const emulator = createEmulator({ signingKey })
    const served = await serve(emulator)
    try {
      const { token } = await msalNode(managedIdentityEnvironment('cloudShell', { url: served.url }))
      expect(decodeJwt(String(token))).toMatchObject({
        tid: emulator.defaults.tenantId,
        upn: expect.any(String) as string,
      })
    } finally {
      await served.close()
    }
  })

  test.skipIf(process.platform !== 'linux')('from arc, by a key file in the folder of Linux', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-arc-'))
    const arcKeyFolder = '/var/opt/azcmagent/tokens'
    const writeArcKey = (path: string, key: string) => writeFile(join(folder, basename(path)), key)
    const emulator = createEmulator({ signingKey, arcKeyFolder, writeArcKey })
    const served = await serve(emulator)
    try {
      const env = managedIdentityEnvironment('arc', { url: served.url })
      const { token } = await msalNode({ ...env, ARC_KEYS: folder })
      expect(decodeJwt(String(token))).toMatchObject({ oid: machine!.objectId })
    } finally {
      await served.close()
      await rm(folder, { recursive: true })
    }
  })

  test('from serviceFabric over TLS', async () => {
    const emulator = createEmulator({ signingKey })
    const certificate = await createCertificate('localhost')
    const served = await serve(emulator, { tls: certificate })
    try {
      const env = managedIdentityEnvironment('serviceFabric', { url: served.url, thumbprint: certificate.thumbprint })
      const { token } = await msalNode(env)
      expect(decodeJwt(String(token))).toMatchObject({ oid: machine!.objectId })
    } finally {
      await served.close()
    }
  })

  test('of no other identity than the one that it asks for', async () => {
    const emulator = createEmulator({ signingKey })
    const served = await serve(emulator)
    try {
      const env = managedIdentityEnvironment('imds', { url: served.url })
      expect(await msalNode(env, crypto.randomUUID())).toMatchObject({
        errorCode: 'invalid_request',
        errorMessage: expect.stringContaining('Identity not found') as string,
      })
    } finally {
      await served.close()
    }
  })
})

const places: [ManagedIdentityPlace, Record<string, string>][] = [
  ['imds', { Metadata: 'true' }],
  ['appService', { 'X-IDENTITY-HEADER': managedIdentityEnvironment('appService')['IDENTITY_HEADER']! }],
  ['machineLearning', { secret: managedIdentityEnvironment('machineLearning')['MSI_SECRET']! }],
  ['serviceFabric', { Secret: managedIdentityEnvironment('serviceFabric')['IDENTITY_HEADER']! }],
]
const versions = { imds: '2018-02-01', appService: '2019-08-01', machineLearning: '2017-09-01' } as const
const endpointOf = (place: ManagedIdentityPlace): string => {
  const env = managedIdentityEnvironment(place)
  return env['IDENTITY_ENDPOINT'] ?? env['MSI_ENDPOINT'] ?? 'http://169.254.169.254/metadata/identity/oauth2/token'
}
const versionOf = (place: ManagedIdentityPlace): string =>
  (versions as Partial<Record<ManagedIdentityPlace, string>>)[place] ?? '2019-07-01-preview'

describe.each(places)('%s', (place, headers) => {
  const ask = (query: Record<string, string>, sent: Record<string, string> = headers): Promise<Response> =>
    createEmulator({ signingKey }).fetch(`${endpointOf(place)}?${new URLSearchParams(query)}`, { headers: sent })
  const fine = { 'api-version': versionOf(place), resource }

  test('gives a token for the resource', async () => {
    const response = await ask(fine)
    const body = (await response.json()) as Record<string, string>
    expect(body).toMatchObject({ token_type: 'Bearer', resource })
    expect(decodeJwt(body['access_token']!)).toMatchObject({ idtyp: 'app', oid: machine!.objectId })
  })

  test.each([
    ['the header', fine, {}],
    ['the api-version', { resource }, headers],
    ['a known resource', { ...fine, resource: 'https://unknown.example' }, headers],
    ['a resource', { 'api-version': fine['api-version'] }, headers],
  ] as const)('refuses without %s', async (_, query, sent) => {
    const response = await ask(query, sent)
    expect([400, 401]).toContain(response.status)
    expect(await response.json()).not.toHaveProperty('access_token')
  })
})

test('the agent of Azure Arc gives a token for the key that is in its file, once', async () => {
  const written = new Map<string, string>()
  const emulator = createEmulator({
    signingKey,
    arcKeyFolder: 'C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens',
    writeArcKey: (path, key) => void written.set(path, key),
  })
  const url = `http://localhost:40342/metadata/identity/oauth2/token?api-version=2020-06-01&resource=${resource}`
  const headers = { Metadata: 'true' }
  const first = await emulator.fetch(url, { headers })
  expect(first.status).toBe(401)
  const [, path = ''] = /^Basic realm=(.+)$/.exec(first.headers.get('www-authenticate') ?? '') ?? []
  expect(path).toMatch(/^C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens\\[\w-]+\.key$/)
  expect([...written]).toEqual([...emulator.arcKeys])
  const authorized = { ...headers, Authorization: `Basic ${written.get(path)}` }
  expect((await emulator.fetch(url, { headers: authorized })).status).toBe(200)
  expect((await emulator.fetch(url, { headers: authorized })).status).toBe(401)
  expect(JSON.stringify(emulator.requests)).not.toContain(written.get(path))
})

test('Cloud Shell gives the token of the user who opened it', async () => {
  const emulator = createEmulator({ signingKey })
  const init = { method: 'POST', headers: { Metadata: 'true' }, body: new URLSearchParams({ resource }) }
  const body = (await (await emulator.fetch('http://localhost:50342/oauth2/token', init)).json()) as Record<
    string,
    string
  >
  expect(decodeJwt(body['access_token']!)).toMatchObject({ upn: emulator.defaults.username, aud: resource })
})

test('a client assertion is taken from those whom the app trusts, and from nobody else', async () => {
  const emulator = createEmulator({ signingKey })
  const { tenantId, authority } = emulator.defaults
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
  const clientId = '9b1c2d3e-4f50-4a6b-8c7d-0e1f2a3b4c5d'
  const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: 'api://AzureADTokenExchange' })
  const given = await emulator.fetch(`http://169.254.169.254/metadata/identity/oauth2/token?${query}`, {
    headers: { Metadata: 'true' },
  })
  const { access_token: assertion } = (await given.json()) as { access_token: string }
  const ask = async (federated: object | undefined): Promise<unknown> => {
    emulator.directory.addApp({ clientId, tenantId, ...(federated && { federatedCredentials: [federated as never] }) })
    const answer = await emulator.fetch(`${authority}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: 'https://graph.microsoft.com/.default',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    const { token_type: type, error_codes: codes } = (await answer.json()) as Record<string, unknown>
    return type ?? codes
  }
  const subject = machine!.objectId
  expect(await ask({ issuer, subject })).toBe('Bearer')
  expect(await ask({ issuer: 'https://other.example', subject })).toEqual([700211])
  expect(await ask({ issuer, subject: 'other' })).toEqual([700213])
  expect(await ask({ issuer, subject, audience: 'api://other' })).toEqual([700212])
  expect(await ask(undefined)).toEqual([700021])
  const { keys } = (await (await createEmulator().fetch(`${authority}/discovery/v2.0/keys`)).json()) as {
    keys: object[]
  }
  expect(await ask({ issuer, subject, keys, audience: 'fb60f99c-7a34-4190-8149-302f77469936' })).toEqual([700027])
})

test('the variables of an unknown place are refused', () => {
  expect(() => managedIdentityEnvironment('basement' as ManagedIdentityPlace)).toThrow(TypeError)
})
