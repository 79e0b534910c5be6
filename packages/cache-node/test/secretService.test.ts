import { fileCache, folderCache, msalSecretServiceCache, verifyPersistence } from '@latchkey/cache-node'
import { cacheStoreContract } from '@latchkey/core/testing'
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { thisMachine } from '../src/machine.js'
import { osVaultItem } from '../src/vault/osVault.js'
import { secretServiceItem } from '../src/vault/secretService.js'
import { expectError } from './fixtures/expectError.js'
import { noSecretService, startSecretService, type SecretService } from './fixtures/secretService.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

const missing = noSecretService()
if (missing) console.log(`skipped: ${missing}`)

describe.skipIf(missing)(`GNOME Keyring on a bus of its own${missing ? ` (${missing})` : ''}`, () => {
  let service: SecretService
  beforeAll(async () => {
    service = await startSecretService()
  })
  afterAll(async () => service?.close())

  describe('an item', () => {
    const item = (account: string) => osVaultItem(thisMachine(), account)

    it('is written, replaced, read and removed', async () => {
      const { read, write, remove } = item('one')
      expect(await read()).toBeUndefined()
      await remove()
      for (const text of ['first', 'zweiter ü 😀', '', 'x'.repeat(1_000_000)]) {
        await write(text)
        expect(await item('one').read()).toBe(text)
        expect(await item('two').read()).toBeUndefined()
      }
      await remove()
      expect(await read()).toBeUndefined()
    })

    it('is found by schema and all attributes', async () => {
      const machine = thisMachine()
      const which = { schema: 'schema.a', attributes: { a: '1', b: '2' }, label: '' }
      await secretServiceItem(machine, which).write('here')
      expect(await secretServiceItem(machine, { ...which, schema: 'schema.b' }).read()).toBeUndefined()
      expect(await secretServiceItem(machine, { ...which, attributes: { a: '1', b: '3' } }).read()).toBeUndefined()
      expect(await secretServiceItem(machine, which).read()).toBe('here')
    })
  })

  describe.each(['fileCache', 'folderCache'])("%s with protection 'os'", (kind) => {
    const open = (path: string) => (kind === 'fileCache' ? fileCache : folderCache)({ path, protection: 'os' })
    const cases = cacheStoreContract(
      () => {
        const path = join(temporaryFolder(), 'tokens')
        return { store: open(path), reopen: () => open(path) }
      },
      { apart: kind === 'folderCache' },
    )
    for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
  })

  describe('the key', () => {
    it('is in the keyring, the cache is not; without the key it is said which one is missing', async () => {
      const path = join(temporaryFolder(), 'tokens')
      const store = fileCache({ path, protection: 'os' })
      await put(store, 'one')
      const bytes = readFileSync(path)
      expect(bytes.includes('secret')).toBe(false)
      const id = bytes.toString('hex', 9, 17)
      const key = osVaultItem(thisMachine(), id)
      const text = await key.read()
      expect(Buffer.from(text!, 'base64')).toHaveLength(32)
      await key.remove()
      const other = fileCache({ path, protection: 'os' })
      const message = new RegExp(`its key \\(${id}\\) is not in the Secret Service; bring the key back`)
      await expectError(() => other.get('a'), 'missing_dependency', 'key_missing', message)
      await expectError(() => put(other, 'two'), 'missing_dependency', 'key_missing', message)
      await key.write('not a key')
      await expectError(() => other.get('a'), 'cache_locked', 'key_unreadable', /is not that key/)
      await key.write(text!)
      expect(await tokensIn(other)).toEqual(['one'])
      expect(readdirSync(join(path, '..'))).toEqual(['tokens'])
    })

    it('is one for a folder, whoever writes first, and stays when the folder was emptied', async () => {
      const path = join(temporaryFolder(), 'folder')
      const keyIds = () =>
        new Set(readdirSync(path).map((file) => readFileSync(join(path, file)).toString('hex', 9, 17)))
      for (const partition of ['a', 'b', 'c']) await put(folderCache({ path, protection: 'os' }), 'one', partition)
      const before = keyIds()
      expect(before.size).toBe(1)
      const store = folderCache({ path, protection: 'os' })
      for (const partition of ['a', 'b', 'c']) {
        expect(await tokensIn(store, partition)).toEqual(['one'])
        await store.update(partition, () => undefined)
      }
      await put(store, 'two', 'd')
      expect(keyIds()).toEqual(before)
    })
  })

  describe('msalSecretServiceCache', () => {
    const cases = cacheStoreContract(
      () => {
        const path = join(temporaryFolder(), 'signal')
        const open = () => msalSecretServiceCache({ path })
        return { store: open(), reopen: open }
      },
      { apart: false },
    )
    for (const { name, run } of cases) test(name, ({ skip }) => run(skip))

    it('keeps a damaged content in the keyring, under another schema', async () => {
      const path = join(temporaryFolder(), 'signal')
      const attributes = { MsalClientID: 'app' }
      const which = { schema: 'msal.cache', attributes, label: 'MSALCache' }
      await secretServiceItem(thisMachine(), which).write('{ "AccessToken"')
      const store = msalSecretServiceCache({ path, ...which })
      const { message } = await expectError(
        () => store.get('a'),
        'cache_corrupt',
        'damaged',
        /an item whose name ends with/,
      )
      const suffix = /\.damaged-[0-9a-f]{8}/.exec(message)![0]
      const kept = secretServiceItem(thisMachine(), { ...which, schema: `msal.cache${suffix}` })
      expect(await kept.read()).toBe('{ "AccessToken"')
      await put(store, 'one')
      expect(await tokensIn(msalSecretServiceCache({ path, ...which }))).toEqual(['one'])
      expect(readFileSync(path, 'utf8')).toBe('')
    })
  })

  it('does not touch a file through a link', async () => {
    const folder = temporaryFolder()
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'signal'))
    const store = msalSecretServiceCache({ path: join(folder, 'signal') })
    await expectError(() => put(store, 'one'), 'cache_corrupt', 'untrusted_file', /symbolic link/)
    expect(readdirSync(folder)).toEqual(['signal'])
  })

  it('verifyPersistence says that it works', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const works = { path, works: true, vault: { name: 'secret-service', works: true } }
    expect(await verifyPersistence({ path, protection: 'os' })).toEqual({ protection: 'secret-service', ...works })
    expect(await verifyPersistence(fileCache({ path, protection: 'none' }))).toEqual({ protection: 'none', ...works })
    expect(await verifyPersistence(msalSecretServiceCache({ path }))).toEqual({
      protection: 'secret-service',
      ...works,
    })
    expect(readdirSync(join(path, '..'))).toEqual([])
  })
})
