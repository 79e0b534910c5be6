import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import type { AuthError } from '@latchkey/core'
import { randomBytes } from 'node:crypto'
import { chmodSync, copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectError } from './fixtures/expectError.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

const key = randomBytes(32)
const kinds = [
  ['plain', 'none'],
  ['encrypted', { key }],
] as const

describe.each(kinds)('a damaged file, %s', (_name, protection) => {
  it('is moved aside and reported once; then the cache is empty', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    await put(fileCache({ path, protection }), 'one')
    truncateSync(path, readFileSync(path).length - 5)
    const damaged = readFileSync(path)
    const store = fileCache({ path, protection })
    const { message } = await expectError(() => store.get('a'), 'cache_corrupt', 'damaged', /have to sign in again/)
    const [kept, ...others] = readdirSync(folder)
    expect(others).toEqual([])
    expect(kept).toMatch(/^tokens\.damaged-[0-9a-f]{8}$/)
    expect(message).toContain(join(folder, kept!))
    expect(readFileSync(join(folder, kept!))).toEqual(damaged)
    expect(await store.get('a')).toBeUndefined()
    await put(store, 'two')
    expect(await tokensIn(store)).toEqual(['two'])
  })

  it('is found by an update, too', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    writeFileSync(path, '{ "AccessToken"', { mode: 0o600 })
    const store = fileCache({ path, protection })
    await expectError(() => put(store, 'one'), 'cache_corrupt', 'damaged')
    await put(store, 'two')
    expect(await tokensIn(store)).toEqual(['two'])
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('is reported to onCorrupt, where there is one, and stops nobody', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    writeFileSync(path, 'garbage', { mode: 0o600 })
    const reports: AuthError[] = []
    const store = fileCache({ path, protection, onCorrupt: (error) => reports.push(error) })
    await Promise.all([put(store, 'one'), put(store, 'two'), tokensIn(store)])
    expect(await tokensIn(store)).toEqual(['one', 'two'])
    expect(reports.map(({ code }) => code)).toEqual(['cache_corrupt'])
  })

  it('is recognised wherever it is cut off', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    await put(fileCache({ path, protection }), 'one')
    const whole = readFileSync(path)
    for (let length = 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length))
      await expectError(() => fileCache({ path, protection }).get('a'), 'cache_corrupt', 'damaged')
      writeFileSync(path, whole)
      chmodSync(path, 0o600)
    }
    expect(await tokensIn(fileCache({ path, protection }))).toEqual(['one'])
  })

  it('of no length is an empty cache: nothing was in it', async () => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, '', { mode: 0o600 })
    const store = fileCache({ path, protection })
    expect(await store.get('a')).toBeUndefined()
    await put(store, 'one')
    expect(await tokensIn(store)).toEqual(['one'])
  })
})

describe('an encrypted file', () => {
  it('with any bit turned over is never read', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: { key } }), 'one')
    const whole = readFileSync(path)
    for (let bit = 0; bit < whole.length * 8; bit += 3) {
      const bytes = Buffer.from(whole)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      writeFileSync(path, bytes)
      chmodSync(path, 0o600)
      await expect((async () => fileCache({ path, protection: { key } }).get('a'))()).rejects.toThrow(/^Cannot /)
      writeFileSync(path, whole)
    }
  })
})

describe('a plain file', () => {
  it.each([
    ['a list', '[]'],
    ['a text', '"text"'],
    ['null', 'null'],
    ['a section that is none', '{"AccessToken":[]}'],
    ['not UTF-8', Buffer.of(0x7b, 0xff, 0x7d)],
  ])('with %s is damaged', async (_what, content) => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, content, { mode: 0o600 })
    for (const open of [fileCache, msalFileCache]) {
      await expectError(() => open({ path, protection: 'none' }).get('a'), 'cache_corrupt', 'damaged')
      writeFileSync(path, content, { mode: 0o600 })
    }
  })

  it('with a byte order mark is read', async () => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, '\uFEFF{"AccessToken":{"one":{}}}', { mode: 0o600 })
    expect(await tokensIn(fileCache({ path, protection: 'none' }))).toEqual(['one'])
  })

  it('that nests deeper than can be written is an error, not a crash', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const text = `{"AccessToken":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`
    writeFileSync(path, text, { mode: 0o600 })
    const store = fileCache({ path, protection: 'none' })
    await expect((async () => store.get('a'))().then(async () => put(store, 'one'))).rejects.toThrow(/^Cannot /)
  })
})

describe('a file in a folder', () => {
  it.each(kinds)('is damaged alone, %s', async (_name, protection) => {
    const path = join(temporaryFolder(), 'folder')
    const store = folderCache({ path, protection })
    await put(store, 'one', 'a')
    const [file] = readdirSync(path)
    await put(store, 'two', 'b')
    truncateSync(join(path, file!), 30)
    expect(await tokensIn(store, 'b')).toEqual(['two'])
    const other = folderCache({ path, protection })
    expect([...(await other.partitions!())]).toEqual(['b'])
    await expectError(() => other.get('a'), 'cache_corrupt', 'damaged')
    expect(await tokensIn(other, 'a')).toEqual([])
    expect(await tokensIn(other, 'b')).toEqual(['two'])
  })

  it.each(kinds)('does not pass for another partition’s, %s', async (_name, protection) => {
    const path = join(temporaryFolder(), 'folder')
    await put(folderCache({ path, protection }), 'of the attacker', 'attacker')
    const [attacker] = readdirSync(path)
    await put(folderCache({ path, protection }), 'of the victim', 'victim')
    const victim = readdirSync(path).find((name) => name !== attacker)
    copyFileSync(join(path, attacker!), join(path, victim!))
    const store = folderCache({ path, protection })
    expect([...(await store.partitions!())]).toEqual(['attacker'])
    await expectError(() => store.get('victim'), 'cache_corrupt', 'damaged', /the cache of another partition/)
    expect(await tokensIn(store, 'victim')).toEqual([])
  })
})
