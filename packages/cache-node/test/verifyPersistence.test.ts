import { fileCache, folderCache, msalFileCache, verifyPersistence } from '@latchkey/cache-node'
import { memoryCache } from '@latchkey/core'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleProgram } from './fixtures/runWriter.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

let folder: string
let program: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-verify-'))
  program = await bundleProgram('verifyProgram.ts', folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Verifies in a process of its own, without koffi and without a session bus. */
function verify(options: object): { report: Record<string, unknown>; get: unknown } {
  const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
  const args = [program, JSON.stringify(options)]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as ReturnType<typeof verify>
}

const key = randomBytes(32)

describe('says that it works, which protection is active, and leaves no trace', () => {
  it.each([
    ['none', 'none'],
    [{ key }, 'key'],
    [{ key: { env: 'CACHE_KEY' } }, 'key'],
  ] as const)('%j', async (protection, name) => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    const env = { CACHE_KEY: key.toString('hex') }
    expect(await verifyPersistence({ path, protection, env })).toMatchObject({ protection: name, path, works: true })
    expect(await verifyPersistence(folderCache({ path, protection, env }))).toMatchObject({
      protection: name,
      works: true,
    })
    expect(readdirSync(folder).filter((name) => name !== 'tokens')).toEqual([])
    await put(folderCache({ path, protection, env }), 'one')
    expect(await verifyPersistence(folderCache({ path, protection, env }))).toMatchObject({ works: true })
  })

  it('of a cache that is there', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = msalFileCache({ path })
    await put(store, 'one')
    const before = readFileSync(path)
    expect(await verifyPersistence(store)).toMatchObject({ protection: 'none', works: true })
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('says why it does not work', () => {
  it('where the key is another', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: { key } }), 'one')
    const report = await verifyPersistence({ path, protection: { key: randomBytes(32) } })
    expect(report).toMatchObject({ protection: 'key', works: false, error: { suberror: 'key_missing' } })
  })

  it('where the cache is damaged, which stays where it is', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    writeFileSync(path, 'garbage', { mode: 0o600 })
    const report = await verifyPersistence({ path, protection: 'none' })
    expect(report).toMatchObject({ works: false, error: { code: 'cache_corrupt', suberror: 'damaged' } })
    expect(readdirSync(folder)).toEqual(['tokens'])
  })

  it('where the folder cannot be made', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const report = await verifyPersistence({ path: join(folder, 'file', 'tokens'), protection: 'none' })
    expect(report).toMatchObject({ works: false, error: { code: 'cache_locked' } })
  })

  it('where koffi is not installed; a key of one’s own works there', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const { report, get } = verify({ path, protection: 'os' })
    const error = { code: 'missing_dependency', suberror: 'library_missing' }
    const message = expect.stringMatching(/the package koffi is not installed; run "npm install koffi"/) as string
    const vault = { works: false, error: { ...error, message } }
    expect(report).toMatchObject({ path, works: false, error: { ...error, message }, vault })
    expect(get).toBe('missing_dependency')
    expect(existsSync(path)).toBe(false)
    const other = verify({ path, protection: { key: { file: `${path}.key` } } })
    expect(other).toMatchObject({ report: { protection: 'key', works: true, vault }, get: 'token' })
    expect(await tokensIn(fileCache({ path, protection: { key: { file: `${path}.key` } } }))).toEqual(['token'])
  })
})

it('refuses what is no cache of this package', async () => {
  for (const store of [memoryCache(), {}, undefined, null, 7])
    await expect(verifyPersistence(store as never)).rejects.toThrow(TypeError)
})

it('no error, message or cause shows a token or a key', async () => {
  const path = join(temporaryFolder(), 'tokens')
  const secrets = ['eyJ-secret-token', key.toString('base64'), key.toString('hex')]
  const content = JSON.stringify({ AccessToken: { one: { secret: secrets[0] } } })
  const shown: string[] = []
  const attempt = async (write: string | Buffer, options: object): Promise<void> => {
    writeFileSync(path, write, { mode: 0o600 })
    const store = fileCache({ path, ...options } as never)
    for (const call of [async () => store.get('a'), async () => put(store, 'two')])
      await call().catch((error: unknown) => shown.push(inspect(error, { depth: 9 })))
  }
  await attempt(content.slice(0, -1), { protection: 'none' })
  await attempt(content, { protection: { key } })
  await attempt(`[${content}]`, { protection: 'none' })
  await put(fileCache({ path: `${path}2`, protection: { key } }), 'one')
  await attempt(readFileSync(`${path}2`), { protection: { key: randomBytes(32) } })
  await attempt(readFileSync(`${path}2`).subarray(0, 60), { protection: { key } })
  await attempt(content, { protection: { key: { env: 'K' } }, env: { K: `${secrets[1]}x` } })
  writeFileSync(`${path}.key`, `${secrets[2]}x`, { mode: 0o600 })
  await attempt(readFileSync(`${path}2`), { protection: { key: { file: `${path}.key` } } })
  expect(shown.length).toBeGreaterThan(8)
  for (const secret of [...secrets, key.toString('latin1')]) expect(shown.join()).not.toContain(secret)
  expect(inspect(fileCache({ path, protection: { key } }), { depth: 9 })).not.toContain(secrets[2])
})
