import { msalFileCache, msalSecretServiceCache } from '@latchkey/cache-node'
import type { CacheStore } from '@latchkey/core'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findFlock } from '../src/lock/flock.js'
import { withLock } from '../src/lock/withLock.js'
import { thisMachine } from '../src/machine.js'
import { noGi, noMsalExtensions, runPython, startPython } from './fixtures/msalExtensions.js'
import { noSecretService, startSecretService, type SecretService } from './fixtures/secretService.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

for (const reason of new Set([noMsalExtensions, noGi, noSecretService()])) if (reason) console.log(`skipped: ${reason}`)

/** Adds a token as MSAL Python keys it. */
async function put(store: CacheStore, secret: string): Promise<void> {
  await store.update('a', (document = {}) => {
    const key = `-host-accesstoken-${secret}-tenant-scope`
    const entity = {
      credential_type: 'AccessToken',
      secret,
      home_account_id: null,
      environment: 'host',
      client_id: secret,
    }
    ;(document.AccessToken ??= {})[key] = {
      ...entity,
      realm: 'tenant',
      target: 'scope',
      expires_on: '9999999999',
      cached_at: '1',
    }
    return document
  })
}
const secretsIn = async (store: CacheStore): Promise<unknown[]> =>
  Object.values((await store.get('a'))?.AccessToken ?? {})
    .map(({ secret }) => `${secret}`)
    .sort()
const names = (prefix: string, amount: number) =>
  Array.from({ length: amount }, (_, index) => `${prefix}${index}`).sort()

describe.skipIf(noMsalExtensions)('msalFileCache beside MSAL Python', () => {
  it('reads what it writes, and the other way round; nothing is lost', async () => {
    const path = join(temporaryFolder(), 'msal.cache')
    expect((await runPython({ kind: 'file', path, tokens: ['python'] })).secrets).toEqual(['python'])
    const store = msalFileCache({ path })
    expect(await secretsIn(store)).toEqual(['python'])
    await put(store, 'ours')
    expect((await runPython({ kind: 'file', path })).secrets).toEqual(['ours', 'python'])
    const { raw } = await runPython({ kind: 'file', path, tokens: ['python 2'] })
    expect(await secretsIn(store)).toEqual(['ours', 'python', 'python 2'])
    expect(JSON.parse(raw)).toEqual(await store.get('a'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dirname(path))).toEqual(['msal.cache'])
  })

  it('writes the very bytes that it writes', async () => {
    const folder = temporaryFolder()
    const [a, b] = [join(folder, 'a'), join(folder, 'b')]
    await runPython({ kind: 'file', path: a, tokens: ['same ü'] })
    writeFileSync(b, readFileSync(a), { mode: 0o600 })
    const store = msalFileCache({ path: b })
    await store.update('a', (document) => ({ ...document, Extra: {} }))
    await store.update('a', (document) => {
      delete document?.['Extra']
      return document
    })
    // Python writes non-ASCII characters as escapes.
    const escaped = readFileSync(b, 'utf8').replaceAll('ü', '\\u00fc')
    expect(escaped).toBe(readFileSync(a, 'utf8'))
  })

  it('loses no update of either while both write', { timeout: 120_000 }, async () => {
    const path = join(temporaryFolder(), 'msal.cache')
    const store = msalFileCache({ path })
    await put(store, 'first')
    const pythons = ['p', 'q'].map((prefix) => startPython({ kind: 'file', path, tokens: names(prefix, 15) }).ended)
    let writing = true
    const over = Promise.all(pythons).finally(() => (writing = false))
    const own: string[] = []
    while (writing) {
      const secret = `own ${own.length}`
      await put(store, secret)
      own.push(secret)
      // MSAL Python asks for the lock four times a second only: leave it some room.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await over
    expect(await secretsIn(store)).toEqual(['first', ...own, ...names('p', 15), ...names('q', 15)].sort())
    // The file that all of those locks were stays for a moment.
    await vi.waitFor(() => expect(readdirSync(dirname(path))).toEqual(['msal.cache']), 10_000)
  })

  it('waits while it holds the lock', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'msal.cache')
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0)
    const { ended, output } = startPython({ kind: 'file', path, hold: join(folder, 'pipe') })
    await vi.waitFor(() => expect(output()).toBe('holds\n'), { timeout: 20_000 })
    let written = false
    const write = put(msalFileCache({ path }), 'ours').then(() => (written = true))
    await vi.waitFor(() => expect(readdirSync(folder).some((name) => name.endsWith('.tmp'))).toBe(true))
    expect(written).toBe(false)
    await (await open(join(folder, 'pipe'), 'w')).close()
    await Promise.all([ended, write])
    expect(await secretsIn(msalFileCache({ path }))).toEqual(['ours'])
  })

  it(
    'keeps it out with flock for longer than the 5 s after which it takes any other lock',
    { timeout: 60_000 },
    async () => {
      const path = join(temporaryFolder(), 'msal.cache')
      const machine = thisMachine()
      const python = await withLock(
        `${path}.lockfile`,
        { machine, timeout: 30_000, flock: () => findFlock(machine) },
        async () => startPython({ kind: 'file', path, tokens: ['python'] }).ended.catch((error: Error) => error),
      )
      expect(String(python)).toMatch(/LockException|AlreadyLocked/)
      expect((await runPython({ kind: 'file', path, tokens: ['later'] })).secrets).toEqual(['later'])
    },
  )

  it('goes on where it was killed with the lock in its hand', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'msal.cache')
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0)
    const { child, ended, output } = startPython({ kind: 'file', path, hold: join(folder, 'pipe') })
    await vi.waitFor(() => expect(output()).toBe('holds\n'), { timeout: 20_000 })
    child.kill('SIGKILL')
    await ended.catch(() => {})
    expect(readFileSync(`${path}.lockfile`, 'utf8')).toBe(`${child.pid} -c`)
    const store = msalFileCache({ path })
    await put(store, 'ours')
    expect(await secretsIn(store)).toEqual(['ours'])
    expect(readdirSync(folder).sort()).toEqual(['msal.cache', 'pipe'])
  })
})

const noKeyring = noSecretService() ?? noGi
describe.skipIf(noKeyring)(`msalSecretServiceCache beside MSAL Python${noKeyring ? ` (${noKeyring})` : ''}`, () => {
  let service: SecretService
  beforeAll(async () => {
    service = await startSecretService()
  })
  afterAll(async () => service?.close())

  it.each([
    ['with the names that both have by default', {}, {}],
    [
      'with the names of the Azure libraries',
      {
        schema_name: 'msal.cache',
        attributes: { MsalClientID: 'Microsoft.Developer.IdentityService' },
        label: 'MSALCache',
      },
      { schema: 'msal.cache', attributes: { MsalClientID: 'Microsoft.Developer.IdentityService' }, label: 'MSALCache' },
    ],
  ])('shares an item, %s', async (_name, options, ourOptions) => {
    const path = join(temporaryFolder(), 'signal')
    const python = { kind: 'libsecret', path, options } as const
    expect((await runPython({ ...python, tokens: ['python'] })).secrets).toEqual(['python'])
    const store = msalSecretServiceCache({ path, ...ourOptions })
    expect(await secretsIn(store)).toEqual(['python'])
    await put(store, 'ours')
    expect((await runPython(python)).secrets).toEqual(['ours', 'python'])
    const { raw } = await runPython({ ...python, tokens: ['python 2'] })
    expect(await secretsIn(store)).toEqual(['ours', 'python', 'python 2'])
    expect(JSON.parse(raw)).toEqual(await store.get('a'))
    expect(process.env['DBUS_SESSION_BUS_ADDRESS']).toBe(service.env['DBUS_SESSION_BUS_ADDRESS'])
  })

  it('loses no update of either while both write', { timeout: 120_000 }, async () => {
    const path = join(temporaryFolder(), 'signal')
    const store = msalSecretServiceCache({ path })
    await put(store, 'first')
    let writing = true
    const over = startPython({ kind: 'libsecret', path, tokens: names('p', 15) }).ended.finally(() => (writing = false))
    const own: string[] = []
    while (writing) {
      const secret = `own ${own.length}`
      await put(store, secret)
      own.push(secret)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await over
    expect(await secretsIn(store)).toEqual(['first', ...own, ...names('p', 15)].sort())
  })
})
