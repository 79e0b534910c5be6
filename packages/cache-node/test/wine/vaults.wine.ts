import { fileCache, folderCache, msalDpapiCache, verifyPersistence } from '@latchkey/cache-node'
import { cacheStoreContract } from '@latchkey/core/testing'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { thisMachine } from '../../src/machine.js'
import { dpapi } from '../../src/vault/dpapi.js'
import { windowsCredentialItem } from '../../src/vault/windowsCredential.js'
import { expectError } from '../fixtures/expectError.js'
import { put, tokensIn } from '../fixtures/tokens.js'

const folders: string[] = []
const temporaryPath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
  folders.push(folder)
  return join(folder, 'tokens')
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

it('is Windows', () => {
  expect(process.platform).toBe('win32')
})

describe('DPAPI', () => {
  const { protect, unprotect } = dpapi(thisMachine())

  it.each([1, 16, 1 << 20])('gives back %i bytes', async (size) => {
    const plain = Buffer.alloc(size, 'secret ü 😀')
    const bytes = await protect(plain)
    expect(bytes.includes('secret')).toBe(false)
    expect((await unprotect(bytes))!.equals(plain)).toBe(true)
  })

  it('does not take what is not its own, or was changed', async () => {
    expect(await unprotect(Buffer.from('{"AccessToken":{}}'))).toBeUndefined()
    const bytes = await protect(Buffer.from('hello world'))
    bytes[bytes.length - 20]! ^= 1
    expect(await unprotect(bytes)).toBeUndefined()
  })
})

describe('an item of the Credential Manager', () => {
  it('is written, replaced, read and removed', async () => {
    const item = (name: string) => windowsCredentialItem(thisMachine(), `latchkey/test ${process.pid} ${name}`)
    const { read, write, remove } = item('one ü')
    expect(await read()).toBeUndefined()
    await remove()
    for (const text of ['first', 'zweiter ü 😀', '']) {
      await write(text)
      expect(await item('one ü').read()).toBe(text)
      expect(await item('two').read()).toBeUndefined()
    }
    await remove()
    expect(await read()).toBeUndefined()
  })
})

describe.each([
  ["fileCache, protection 'os'", (path: string) => fileCache({ path, protection: 'os' }), false],
  ["folderCache, protection 'os'", (path: string) => folderCache({ path, protection: 'os' }), true],
  ['msalDpapiCache', (path: string) => msalDpapiCache({ path }), false],
] as const)('%s', (_name, open, apart) => {
  const cases = cacheStoreContract(
    () => {
      const path = temporaryPath()
      return { store: open(path), reopen: () => open(path) }
    },
    { apart },
  )
  for (const { name, run } of cases) test(name, ({ skip }) => run(skip))
})

it('verifyPersistence says that they work', async () => {
  const path = temporaryPath()
  const vault = { name: 'windows-credential-manager', works: true }
  expect(await verifyPersistence({ path, protection: 'os' })).toEqual({
    protection: 'windows-credential-manager',
    path,
    works: true,
    vault,
  })
  expect(await verifyPersistence(msalDpapiCache({ path }))).toMatchObject({ protection: 'dpapi', works: true })
})

it('msalDpapiCache moves a file aside that is not encrypted for this user', async () => {
  const path = temporaryPath()
  const store = msalDpapiCache({ path })
  await put(store, 'one')
  expect(readFileSync(path).includes('secret')).toBe(false)
  truncateSync(path, 20)
  await expectError(() => msalDpapiCache({ path }).get('a'), 'cache_corrupt', 'damaged')
  expect(existsSync(path)).toBe(false)
  await put(msalDpapiCache({ path }), 'two')
  expect(await tokensIn(msalDpapiCache({ path }))).toEqual(['two'])
})

it('a file of another program is not a file of ours', async () => {
  const path = temporaryPath()
  writeFileSync(path, '{"AccessToken":{}}')
  await expectError(() => fileCache({ path, protection: 'os' }).get('a'), 'cache_corrupt', 'not_encrypted')
})
