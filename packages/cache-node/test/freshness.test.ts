import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import type { CacheStore } from '@latchkey/core'
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { fileSystemCalls } from './fixtures/fileSystemCalls.js'
import { bundleProgram, runWriter, startWriter } from './fixtures/runWriter.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn, tokensOf } from './fixtures/tokens.js'

let folder: string
let program: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-fresh-'))
  program = await bundleProgram('writerProgram.ts', folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const protection = 'none'
/** A clock by which nothing was written just now. */
const later = (): number => Date.now() + 60_000
const text = (token: string): string => JSON.stringify({ AccessToken: { [token]: { secret: token } } })

describe('an unchanged file', () => {
  it('gives the same document at once, without a promise, once it has been read', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection }), 'one')
    const store = fileCache({ path, protection, now: later })
    const document = await store.get('a')
    expect(store.get('a')).toBe(document)
    expect(store.get('b')).toBe(document)
  })

  type Open = (path: string, now?: () => number) => CacheStore
  const reads: [string, Open, (path: string) => string][] = [
    ['fileCache', (path, now) => fileCache({ path, protection, now }), (path) => path],
    [
      'folderCache',
      (path, now) => folderCache({ path, protection, now }),
      (path) => `${path}/${readdirSync(path).find((name) => name.endsWith('.cache'))}`,
    ],
    ['msalFileCache', (path, now) => msalFileCache({ path, now }), (path) => path],
  ]
  it.each(reads)('costs one look at it, and nothing else: %s', async (_name, open, fileOf) => {
    const path = join(temporaryFolder(), 'tokens')
    await put(open(path), 'one')
    const store = open(path, later)
    const document = await store.get('partition')
    const look = `lstatSync ${fileOf(path)}`
    for (let round = 0; round < 3; round++) {
      const { result, calls } = fileSystemCalls(() => store.get('partition'))
      expect(calls).toEqual([look])
      expect(result).toBe(document)
    }
    await put(open(path), 'two')
    // A control: a file that was replaced is not only looked at.
    const { result, calls } = fileSystemCalls(() => store.get('partition'))
    expect(calls).toEqual([look])
    expect(result).toBeInstanceOf(Promise)
    expect(tokensOf(await result)).toEqual(['one', 'two'])
  })

  it('gives the same document although it was written again with the same content', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    const document = await store.get('a')
    writeFileSync(path, readFileSync(path))
    utimesSync(path, 1, 1)
    expect(await store.get('a')).toBe(document)
  })

  it('gives nothing at once where there is none', async () => {
    const store = fileCache({ path: join(temporaryFolder(), 'tokens'), protection })
    expect(await store.get('a')).toBeUndefined()
    expect(store.get('a')).toBeUndefined()
  })
})

describe('a change of another process', () => {
  it('is seen on the next read', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    expect((await runWriter(program, { kind: 'file', path, tokens: ['two'] })).lines).toEqual(['wrote two'])
    expect(await tokensIn(store)).toEqual(['one', 'two'])
    rmSync(path)
    expect(await tokensIn(store)).toEqual([])
  })

  it('is seen although size, time and inode are the same: the file system’s clock had not ticked', async () => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, text('one'), { mode: 0o600 })
    utimesSync(path, 1_700_000_000.123, 1_700_000_000.123)
    const store = msalFileCache({ path, now: () => 1_700_000_000_150 })
    expect(await tokensIn(store)).toEqual(['one'])
    writeFileSync(path, text('two'))
    utimesSync(path, 1_700_000_000.123, 1_700_000_000.123)
    expect(await tokensIn(store)).toEqual(['two'])
  })

  it('is seen where the file system counts in seconds', async () => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, text('one'), { mode: 0o600 })
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    const store = msalFileCache({ path, now: () => 1_700_000_002_000 })
    expect(await tokensIn(store)).toEqual(['one'])
    writeFileSync(path, text('two'))
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    expect(await tokensIn(store)).toEqual(['two'])
  })

  it('is seen while the clock is wrong by a day, either way', async () => {
    for (const day of [-86_400_000, 86_400_000]) {
      const path = join(temporaryFolder(), 'tokens')
      const store = fileCache({ path, protection, now: () => Date.now() + day })
      const other = fileCache({ path, protection })
      for (const token of ['1', '2', '3']) {
        await put(store, token)
        expect(await tokensIn(other)).toEqual(await tokensIn(store))
        await put(other, `${token}'`)
        expect(await tokensIn(store)).toEqual(await tokensIn(other))
      }
    }
  })

  it('is not undone by a read that began before it', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection })
    const other = fileCache({ path, protection })
    for (let round = 0; round < 50; round++) {
      const reads = [tokensIn(store), tokensIn(store)]
      await put(round % 2 ? store : other, `token ${round}`)
      expect(await tokensIn(store)).toHaveLength(round + 1)
      await Promise.all(reads)
      expect(await tokensIn(store)).toHaveLength(round + 1)
    }
  })
})

describe('half a file that another MSAL is writing', () => {
  it.each([
    ['half', text('two').slice(0, 20)],
    ['nothing', ''],
  ])('is waited for, not reported: %s', async (_what, half) => {
    const path = join(temporaryFolder(), 'tokens')
    writeFileSync(path, text('one'), { mode: 0o600 })
    const store = msalFileCache({ path })
    expect(await tokensIn(store)).toEqual(['one'])
    // As MSAL Python and MSAL Node do: the lock, then the file in place.
    writeFileSync(`${path}.lockfile`, `${process.pid} python`, { flag: 'wx' })
    writeFileSync(path, half)
    const read = tokensIn(store)
    await vi.waitFor(() => expect(readdirSync(dirname(path)).some((name) => name.endsWith('.tmp'))).toBe(true))
    writeFileSync(path, text('two'))
    rmSync(`${path}.lockfile`)
    expect(await read).toEqual(['two'])
    expect(readdirSync(dirname(path))).toEqual(['tokens'])
  })
})

describe('subscribe', () => {
  const kinds: [string, 'file' | 'folder' | 'msal', (path: string) => CacheStore, string][] = [
    ['fileCache', 'file', (path) => fileCache({ path, protection }), ''],
    ['folderCache', 'folder', (path) => folderCache({ path, protection }), 'partition'],
    ['msalFileCache', 'msal', (path) => msalFileCache({ path }), ''],
  ]

  it.each(kinds)(
    'of %s tells of the change of another process, of its own not',
    async (_name, kind, open, partition) => {
      const path = join(temporaryFolder(), 'tokens')
      const store = open(path)
      const told: string[] = []
      let wake: () => void = () => {}
      const end = store.subscribe!((partition) => {
        told.push(partition)
        wake()
      })
      onTestFinished(end)
      for (let index = 0; index < 10; index++) await put(store, `own ${index}`)
      expect(told).toEqual([])
      const called = new Promise<void>((resolve) => (wake = resolve))
      await runWriter(program, { kind, path, tokens: ['two'] })
      await called
      expect(new Set(told)).toEqual(new Set([partition]))
      expect(await tokensIn(store)).toContain('two')
    },
  )

  it('tells of a foreign change that an own one came upon', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    let tell: (partition: string) => void = () => {}
    const told = new Promise<string>((resolve) => (tell = resolve))
    onTestFinished(store.subscribe!((partition) => tell(partition)))
    // In one turn of the event loop, so that nobody can look in between.
    const foreign = JSON.parse(readFileSync(path, 'utf8')) as { AccessToken: Record<string, object> }
    foreign.AccessToken['foreign'] = {}
    writeFileSync(path, JSON.stringify(foreign))
    await put(store, 'two')
    expect(await told).toBe('')
    expect(await tokensIn(store)).toEqual(['foreign', 'one', 'two'])
  })

  it('tells of a partition that another process removed', async () => {
    const path = join(temporaryFolder(), 'folder')
    const other = folderCache({ path, protection })
    await put(other, 'one', 'a')
    await put(other, 'two', 'b')
    const store = folderCache({ path, protection })
    expect([...(await store.partitions!())].sort()).toEqual(['a', 'b'])
    const told = new Promise<string>((resolve) => onTestFinished(store.subscribe!(resolve)))
    await other.update('b', () => undefined)
    expect(await told).toBe('b')
    expect([...(await store.partitions!())]).toEqual(['a'])
  })

  it('keeps no process alive', async () => {
    for (const kind of ['file', 'folder', 'msal'] as const) {
      const path = join(temporaryFolder(), 'tokens')
      const { code, errors, lines } = await runWriter(program, { kind, path, tokens: ['one'], subscribe: true })
      expect({ code, errors, lines }).toEqual({ code: 0, errors: '', lines: ['wrote one'] })
    }
  })

  it('tells a process that is busy with writing, too', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const tokens = Array.from({ length: 5000 }, (_, index) => `${index}`)
    const writer = startWriter(program, { kind: 'file', path, tokens, subscribe: true })
    onTestFinished(async () => {
      writer.child.kill('SIGKILL')
      await writer.ended
    })
    await writer.nextLine()
    await put(fileCache({ path, protection }), 'foreign')
    let line = ''
    while (!line.startsWith('changed')) line = await writer.nextLine()
    expect(line).toBe('changed ""')
  })
})
