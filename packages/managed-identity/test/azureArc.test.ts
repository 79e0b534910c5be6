import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createEmulator } from '@latchkey/emulator'
import {
  acquireTokenForManagedIdentity,
  createManagedIdentityClient,
  nodeHost,
  systemAssigned,
  type ManagedIdentityHost,
} from '@latchkey/managed-identity'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEndpoint, json, token, type Step } from './fixtures/endpoint.js'
import { createHost, environments, KEYS } from './fixtures/sources.js'

const WINDOWS_KEYS = 'C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens'

const challenge = (value: string): Step => json({}, 401, { 'WWW-Authenticate': value })

function create(steps: Step[], host: ManagedIdentityHost = createHost(), env: Record<string, string> = {}) {
  const { fetch, asked } = createEndpoint(...steps)
  const client = createManagedIdentityClient({
    ...{ identity: systemAssigned(), env: { ...environments.azureArc, ...env }, host, fetch, maxRetries: 0 },
  })
  return { acquire: () => acquireTokenForManagedIdentity(client, { resource: 'R' }), asked }
}

describe('a challenge', () => {
  test.each([`Basic realm=${KEYS}/a.key`, `basic REALM=${KEYS}/a.key`])(
    'is answered with the key that is in the file: %s',
    async (value) => {
      const { acquire, asked } = create([challenge(value), token('t')])
      expect(await acquire()).toMatchObject({ accessToken: 't' })
      expect(asked.map(({ headers }) => headers['authorization'])).toEqual([undefined, 'Basic arc-key-secret'])
    },
  )

  test('may come with any status', async () => {
    const { acquire } = create([json({}, 200, { 'WWW-Authenticate': `Basic realm=${KEYS}/a.key` }), token('t')])
    expect(await acquire()).toMatchObject({ accessToken: 't' })
  })

  test.each([
    ['none', json({}, 401)],
    ['another scheme', challenge(`Bearer realm=${KEYS}/a.key`)],
    ['two equals signs', challenge(`Basic realm=${KEYS}/a=b.key`)],
    ['no path', challenge('Basic realm=')],
    ['more parameters', challenge(`Basic realm="x", path=${KEYS}/a.key`)],
  ])('that is %s is refused, and the headers are named', async (_, step) => {
    const host = createHost()
    const { acquire, asked } = create([step, token('t')], host)
    await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_error' })
    expect([asked.length, host.read]).toEqual([1, []])
  })

  test.each([
    ['the folder above', `${KEYS}/../a.key`],
    ['a folder below', `${KEYS}/b/a.key`],
    ['another folder', '/etc/a.key'],
    ['another file', `${KEYS}/a.txt`],
    ['a hidden file', `${KEYS}/.key`],
    ['no name', `${KEYS}/`],
    ['a dot', `${KEYS}/./a.key`],
    ['two slashes', `${KEYS}//a.key`],
    ['another case', `${KEYS.toUpperCase()}/a.key`],
    ['a relative path', 'a.key'],
    ['a backslash', `${KEYS}\\a.key`],
    ['a backslash in the name', `${KEYS}/..\\a.key`],
    ['an encoded slash', `${KEYS}/..%2fa.key`],
    ['quotes', `"${KEYS}/a.key"`],
    ['a space', `${KEYS}/a b.key`],
    ['an address', `file://${KEYS}/a.key`],
    ['a very long name', `${KEYS}/${'a'.repeat(300)}.key`],
  ])('that names %s is refused, and no file is opened', async (_, path) => {
    const host = createHost({ [path]: 'arc-key-secret' })
    const { acquire, asked } = create([challenge(`Basic realm=${path}`), token('t')], host)
    await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_error' })
    expect([asked.length, host.read]).toEqual([1, []])
  })

  test.each([
    `${WINDOWS_KEYS}\\a.key`,
    `${WINDOWS_KEYS.toLowerCase()}\\a.key`,
    `${WINDOWS_KEYS.replaceAll('\\', '/')}/a.key`,
  ])('on Windows is compared as files are there: %s', async (path) => {
    const host = createHost({ [`${WINDOWS_KEYS}\\a.key`]: 'arc-key-secret' }, 'win32')
    const { acquire } = create([challenge(`Basic realm=${path}`), token('t')], host, { ProgramData: 'C:\\ProgramData' })
    expect(await acquire()).toMatchObject({ accessToken: 't' })
  })

  test.each([
    `${KEYS}/a.key`,
    `${WINDOWS_KEYS}\\..\\a.key`,
    `${WINDOWS_KEYS}\\a.key:stream.key`,
    `\\\\server${WINDOWS_KEYS.slice(2)}\\a.key`,
    `D:${WINDOWS_KEYS.slice(2)}\\a.key`,
  ])('on Windows no other is: %s', async (path) => {
    const host = createHost({}, 'win32')
    const { acquire } = create([challenge(`Basic realm=${path}`), token('t')], host, { ProgramData: 'C:\\ProgramData' })
    await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_error' })
    expect(host.read).toEqual([])
  })

  test.each([
    ['darwin', {}],
    ['', {}],
    ['win32', {}],
    ['win32', { ProgramData: '\\\\server\\share' }],
  ])('on %j there is no agent', async (platform, env) => {
    const { acquire } = create([challenge(`Basic realm=${KEYS}/a.key`)], createHost({}, platform), env)
    await expect(acquire()).rejects.toMatchObject({ code: 'managed_identity_unavailable' })
  })

  test('whatever it is, no file outside of the folder is ever opened', async () => {
    const parts = fc.constantFrom(
      ...[KEYS, WINDOWS_KEYS, '/', '\\', '..', '.', 'a.key', '.key', '/etc/passwd', '%2e%2e', '\0', '=', '"', ' '],
      ...['Basic realm=', 'basic  realm =', 'C:', '//server', 'é', '~', '${HOME}', '\u202e', '..;/', ':', 'a'],
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(parts, fc.string()), { maxLength: 8 }).map((all) => all.join('')),
      fc.array(fc.oneof(parts, fc.string()), { maxLength: 8 }).map((all) => `Basic realm=${KEYS}/${all.join('')}`),
      fc.array(parts, { maxLength: 8 }).map((all) => `Basic realm=${WINDOWS_KEYS}\\${all.join('')}.key`),
    )
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom('linux', 'win32'), async (text, platform) => {
        const host = { ...createHost({}, platform), read: [] as string[] }
        const seen = { ...host, readFile: async (path: string) => (host.read.push(path), 'k') }
        const answer = {
          ...{ status: 401, body: null },
          headers: {
            get: (name: string) => (name === 'www-authenticate' ? text : null),
            has: () => true,
            keys: () => [],
          },
        } as unknown as Response
        const { acquire } = create([() => answer, token('t')], seen, { ProgramData: 'C:\\ProgramData' })
        await acquire().catch(() => {})
        for (const path of host.read)
          expect(path).toMatch(
            platform === 'win32'
              ? /^C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens\\[\w-][\w.-]*\.key$/
              : /^\/var\/opt\/azcmagent\/tokens\/[\w-][\w.-]*\.key$/,
          )
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the key file', () => {
  let folder = ''
  /** The real files, in a folder of ours. */
  const host: ManagedIdentityHost = {
    ...nodeHost(),
    platform: 'linux',
    readFile: (path, limits) => nodeHost().readFile(path.replace(KEYS, join(folder, 'tokens')), limits),
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-arc-'))
    await mkdir(join(folder, 'tokens/folder.key'), { recursive: true })
    await writeFile(join(folder, 'tokens/good.key'), 'real-key\r\n')
    await writeFile(join(folder, 'tokens/full.key'), 'k'.repeat(4096))
    await writeFile(join(folder, 'tokens/large.key'), 'k'.repeat(4097))
    await writeFile(join(folder, 'tokens/empty.key'), '')
    await writeFile(join(folder, 'tokens/lines.key'), 'one\r\nX-Injected: two')
    await writeFile(join(folder, 'tokens/binary.key'), Buffer.from([0xff, 0, 0xfe]))
    await writeFile(join(folder, 'secret'), 'somebody-elses-secret')
    if (process.platform !== 'win32') await symlink(join(folder, 'secret'), join(folder, 'tokens/link.key'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([
    ['good', 'real-key'],
    ['full', 'k'.repeat(4096)],
  ])('%s is sent', async (name, key) => {
    const { acquire, asked } = create([challenge(`Basic realm=${KEYS}/${name}.key`), token('t')], host)
    await acquire()
    expect(asked[1]!.headers['authorization']).toBe(`Basic ${key}`)
  })

  test.each([
    ['large', 'it is larger than 4096 bytes'],
    ['link', process.platform === 'win32' ? 'ENOENT' : 'it is a link'],
    ['folder', process.platform === 'win32' ? 'E' : 'it is not a file'],
    ['missing', 'ENOENT'],
    ['empty', 'it holds no key'],
    ['lines', 'it holds no key'],
    ['binary', 'it holds no key'],
  ])('%s is not sent', async (name, reason) => {
    const { acquire, asked } = create([challenge(`Basic realm=${KEYS}/${name}.key`), token('t')], host)
    const error: unknown = await acquire().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'managed_identity_error', message: expect.stringContaining(reason) as string })
    expect(asked).toHaveLength(1)
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain('somebody-elses-secret')
  })

  test('of the emulator’s agent gives a token', async () => {
    const emulator = createEmulator({
      writeArcKey: (path, key) => writeFile(path.replace(KEYS, join(folder, 'tokens')), key),
    })
    const options = { identity: systemAssigned(), env: environments.azureArc, host, fetch: emulator.fetch }
    const client = createManagedIdentityClient(options)
    const { accessToken } = await acquireTokenForManagedIdentity(client, { resource: 'https://vault.azure.net' })
    expect(accessToken.split('.')).toHaveLength(3)
    expect(emulator.requests.map(({ status }) => status)).toEqual([401, 200])
  })
})

test('a link is followed where that is asked for, and a pipe does not keep anybody waiting', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-files-'))
  try {
    await writeFile(join(folder, 'file'), 'text')
    if (process.platform !== 'win32') {
      await symlink(join(folder, 'file'), join(folder, 'link'))
      expect(await nodeHost().readFile(join(folder, 'link'), { maxBytes: 4, followLinks: true })).toBe('text')
      await expect(nodeHost().readFile('/dev/zero', { maxBytes: 4, followLinks: false })).rejects.toThrow('not a file')
    }
    expect(nodeHost().exists(join(folder, 'file'))).toBe(true)
    expect(nodeHost().exists(join(folder, 'none'))).toBe(false)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
