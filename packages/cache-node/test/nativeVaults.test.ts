import { cacheStoreContract } from '@latchkey/core/testing'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { fileCacheOn } from '../src/fileCache.js'
import { folderCacheOn } from '../src/folderCache.js'
import { thisMachine, type Machine } from '../src/machine.js'
import { msalDpapiCacheOn } from '../src/msalDpapiCache.js'
import { msalKeychainCacheOn } from '../src/msalKeychainCache.js'
import { keychainItem } from '../src/vault/keychain.js'
import { loadKoffi, openLibrary } from '../src/vault/koffi.js'
import { windowsCredentialItem } from '../src/vault/windowsCredential.js'
import { verifyPersistence } from '../src/verifyPersistence.js'
import { expectError } from './fixtures/expectError.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

/** macOS and Windows do not run here: a C library with their functions stands in, called through koffi as theirs would be. */
const missing =
  process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)
    ? 'the stand-in for the vaults of macOS and Windows is built on 64-bit Linux'
    : spawnSync('gcc', ['--version']).status === 0
      ? undefined
      : 'gcc is missing: apt-get install gcc libc6-dev'
if (missing) console.log(`skipped: ${missing}`)

let folder: string
let library: string
beforeAll(() => {
  if (missing) return
  folder = mkdtempSync(join(tmpdir(), 'latchkey-vaults-'))
  library = join(folder, 'fakeVaults.so')
  const source = fileURLToPath(new URL('fixtures/fakeVaults.c', import.meta.url))
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
})
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const asked: string[] = []
const machineOn = (platform: NodeJS.Platform): Machine =>
  thisMachine({
    platform,
    library(name) {
      // The C library is a real one: flock is Linux' own.
      if (name.includes('libSystem')) return 'libc.so.6'
      asked.push(name)
      return library
    },
  })
const mac = machineOn('darwin')
const windows = machineOn('win32')

/** How many pieces of memory were given out and not taken back. */
async function live(): Promise<unknown> {
  return openLibrary(await loadKoffi('a test'), library, 'a test', '').func('FakeLive', 'int', [])()
}

const items = [
  ['keychainItem', (name: string) => keychainItem(mac, { service: 'service', account: name })],
  ['windowsCredentialItem', (name: string) => windowsCredentialItem(windows, name)],
] as const

describe.skipIf(missing)(
  `the vaults of macOS and Windows, stood in for by a C library${missing ? ` (${missing})` : ''}`,
  () => {
    beforeEach(async () => {
      expect(await live()).toBe(0)
      return async () => expect(await live()).toBe(0)
    })

    it.each(items)('%s: written, replaced, read and removed; no memory is kept', async (_name, item) => {
      const { read, write, remove } = item('one ü')
      expect(await read()).toBeUndefined()
      await remove()
      for (const text of ['first', 'zweiter ü 😀', '']) {
        await write(text)
        expect(await item('one ü').read()).toBe(text)
        expect(await item('one').read()).toBeUndefined()
      }
      await remove()
      expect(await read()).toBeUndefined()
    })

    it('calls the libraries by their names', async () => {
      await keychainItem(mac, { service: 's', account: 'a' }).read()
      await windowsCredentialItem(windows, 'a').read()
      expect(asked).toEqual(
        expect.arrayContaining([
          '/System/Library/Frameworks/Security.framework/Security',
          '/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation',
          'advapi32.dll',
          'kernel32.dll',
        ]),
      )
    })

    it('says why a vault refuses', async () => {
      const locked = keychainItem(mac, { service: 'service', account: 'locked' })
      const why = /the Keychain: it answered -25308; it would have to ask, and nobody is there/
      for (const operation of [() => locked.read(), () => locked.write('x'), () => locked.remove()])
        await expectError(operation, 'cache_locked', 'vault_unavailable', why)
      const credential = windowsCredentialItem(windows, 'large')
      await expectError(() => credential.write('x'.repeat(2561)), 'cache_locked', 'vault_unavailable', /answered 1783/)
    })

    describe.each([
      ['macOS', mac],
      ['Windows', windows],
    ])("protection 'os' on %s", (_name, machine) => {
      for (const [kind, open] of [
        ['fileCache', fileCacheOn],
        ['folderCache', folderCacheOn],
      ] as const) {
        const cases = cacheStoreContract(
          () => {
            const path = join(temporaryFolder(), 'tokens')
            const reopen = () => open(machine, { path, protection: 'os' })
            return { store: reopen(), reopen }
          },
          { apart: kind === 'folderCache' },
        )
        for (const { name, run } of cases) test(`${kind}: ${name}`, ({ skip }) => run(skip))
      }

      it('keeps a key in the vault, and says so', async () => {
        const path = join(temporaryFolder(), 'tokens')
        const store = fileCacheOn(machine, { path, protection: 'os' })
        await put(store, 'one')
        const id = readFileSync(path).toString('hex', 9, 17)
        const item =
          machine === mac
            ? keychainItem(mac, { service: 'latchkey', account: id })
            : windowsCredentialItem(windows, `latchkey/${id}`)
        expect(Buffer.from((await item.read())!, 'base64')).toHaveLength(32)
        const protection = machine === mac ? 'keychain' : 'windows-credential-manager'
        const vault = { name: protection, works: true }
        expect(await verifyPersistence(store)).toEqual({ protection, path, works: true, vault })
        await item.remove()
        const other = fileCacheOn(machine, { path, protection: 'os' })
        await expectError(() => other.get('a'), 'missing_dependency', 'key_missing')
      })
    })

    describe.each([
      ['msalKeychainCache', (path: string) => msalKeychainCacheOn(mac, { path })],
      ['msalDpapiCache', (path: string) => msalDpapiCacheOn(windows, { path })],
    ])('%s', (_name, open) => {
      const cases = cacheStoreContract(
        () => {
          const path = join(temporaryFolder(), 'msal.cache')
          return { store: open(path), reopen: () => open(path) }
        },
        { apart: false },
      )
      for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
    })

    it('msalKeychainCache: the item is named as MSAL Python names it, or as it is told', async () => {
      const path = join(temporaryFolder(), 'signal')
      await put(msalKeychainCacheOn(mac, { path }), 'one')
      const account = createHash('sha256').update(path).digest('hex')
      const text = await keychainItem(mac, { service: 'msal-extensions', account }).read()
      expect(JSON.parse(text!)).toEqual({ AccessToken: { one: { secret: 'secret of one' } } })
      expect(readFileSync(path, 'utf8')).toBe('')
      const names = { service: 'Microsoft.Developer.IdentityService', account: 'MSALCache' }
      await put(msalKeychainCacheOn(mac, { path, ...names }), 'two')
      expect(await keychainItem(mac, names).read()).toContain('secret of two')
    })

    it('msalDpapiCache: a file that cannot be decrypted is moved aside', async () => {
      const folder = temporaryFolder()
      const path = join(folder, 'msal.cache')
      const store = msalDpapiCacheOn(windows, { path })
      await put(store, 'one')
      expect(readFileSync(path).includes('secret')).toBe(false)
      truncateSync(path, 20)
      const other = msalDpapiCacheOn(windows, { path })
      await expectError(
        () => other.get('a'),
        'cache_corrupt',
        'damaged',
        /not encrypted by DPAPI for this user, or is damaged/,
      )
      await put(other, 'two')
      expect(await tokensIn(other)).toEqual(['two'])
      expect(readdirSync(folder)).toHaveLength(2)
    })
  },
)
