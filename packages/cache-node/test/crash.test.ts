import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import type { CacheStore } from '@latchkey/core'
import { randomBytes, randomInt } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processText } from '../src/lock/lockOwner.js'
import { thisMachine } from '../src/machine.js'
import { bundleProgram, runWriter, startWriter, type WriterTask } from './fixtures/runWriter.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'

const key = randomBytes(32)
let folder: string
let program: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-crash-'))
  program = await bundleProgram('writerProgram.ts', folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = ({ kind, path, key }: Omit<WriterTask, 'tokens'>): CacheStore => {
  const protection = key ? { key: Buffer.from(key, 'base64') } : 'none'
  if (kind === 'msal') return msalFileCache({ path })
  return kind === 'folder' ? folderCache({ path, protection }) : fileCache({ path, protection })
}

const put = async (store: CacheStore, token: string): Promise<void> =>
  store.update('partition', (document = {}) => {
    ;(document.AccessToken ??= {})[token] = { secret: token }
    return document
  })
const tokensIn = async (store: CacheStore): Promise<string[]> =>
  Object.keys((await store.get('partition'))?.AccessToken ?? {})

const kinds: [string, (folder: string) => Omit<WriterTask, 'tokens'>][] = [
  ['fileCache', (folder) => ({ kind: 'file', path: join(folder, 'tokens'), key: key.toString('base64') })],
  ['folderCache', (folder) => ({ kind: 'folder', path: join(folder, 'tokens'), key: key.toString('base64') })],
  ['msalFileCache', (folder) => ({ kind: 'msal', path: join(folder, 'tokens') })],
]

describe.each(kinds)('%s', (_name, taskIn) => {
  it('loses nothing to a process that is killed at any step, waits for nothing, and cleans up', async () => {
    for (let killBefore = 1; ; killBefore++) {
      const task = taskIn(temporaryFolder())
      await put(open(task), 'before')
      const { lines, signal, errors } = await runWriter(program, { ...task, tokens: ['during'], killBefore })
      expect(errors).toBe('')
      const store = open(task)
      await put(store, 'after')
      const tokens = await tokensIn(store)
      expect(tokens).toContain('before')
      expect(tokens).toContain('after')
      if (lines.includes('wrote during')) expect(tokens).toContain('during')
      expect(await tokensIn(open(task))).toEqual(tokens)
      const files = readdirSync(task.kind === 'folder' ? task.path : dirname(task.path))
      expect(files).toHaveLength(1)
      if (signal === null) {
        // It came to its end: every step has been tried.
        expect(killBefore).toBeGreaterThan(10)
        return
      }
    }
  })

  it('finds its way past a lock whose owner is gone, wherever others died doing the same', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    for (let killBefore = 1; ; killBefore++) {
      const task = taskIn(temporaryFolder())
      await put(open(task), 'before')
      const folder = task.kind === 'folder' ? task.path : dirname(task.path)
      const [file] = readdirSync(folder)
      const lock = await processText({ ...thisMachine(), pid })
      writeFileSync(join(folder, `${file}.lockfile`), lock)
      const { errors, signal } = await runWriter(program, { ...task, tokens: ['during'], killBefore })
      expect(errors).toBe('')
      const store = open(task)
      await put(store, 'after')
      expect(await tokensIn(store)).toEqual(expect.arrayContaining(['before', 'after']))
      expect(readdirSync(folder)).toEqual([file])
      if (signal === null) return
    }
  })

  it('loses nothing that was written to processes killed at random moments', { timeout: 300_000 }, async () => {
    const task = taskIn(temporaryFolder())
    const wrote: string[] = []
    let killed = 0
    for (let round = 0; killed < (task.kind === 'file' ? 500 : 50); round++) {
      const namesOf = (n: number): string[] => Array.from({ length: 100 }, (_, index) => `${round}-${n}-${index}`)
      const writers = Array.from({ length: 8 }, (_, n) => startWriter(program, { ...task, tokens: namesOf(n) }))
      const signals = await Promise.all(
        writers.map(async ({ child, nextLine, ended }) => {
          // Some way into its work, at a moment that nobody chose.
          const some = async (): Promise<void> => {
            for (let lines = randomInt(4); lines > 0; lines--) await nextLine()
            await pause(randomInt(4))
          }
          await Promise.race([some(), ended])
          child.kill('SIGKILL')
          const { signal, errors } = await ended
          expect(errors).toBe('')
          return signal
        }),
      )
      killed += signals.filter((signal) => signal === 'SIGKILL').length
      wrote.push(...writers.flatMap(({ lines }) => lines.map((line) => line.replace('wrote ', ''))))
      const store = open(task)
      const tokens = new Set(await tokensIn(store))
      expect(wrote.filter((token) => !tokens.has(token))).toEqual([])
      await put(store, `after-${round}`)
      wrote.push(`after-${round}`)
    }
    // Most came to write.
    expect(wrote.length).toBeGreaterThan(killed)
  })

  it(
    'loses none of 8 × 50 updates of 8 processes, which come upon a dead lock together',
    { timeout: 120_000 },
    async () => {
      const task = taskIn(temporaryFolder())
      await put(open(task), 'first')
      const folder = task.kind === 'folder' ? task.path : dirname(task.path)
      const { pid } = spawnSync(process.execPath, ['--version'])
      writeFileSync(join(folder, `${readdirSync(folder)[0]}.lockfile`), await processText({ ...thisMachine(), pid }))
      const lists = Array.from({ length: 8 }, (_, n) => Array.from({ length: 50 }, (_, index) => `${n}-${index}`))
      const results = await Promise.all(lists.map(async (tokens) => runWriter(program, { ...task, tokens })))
      expect(results.map(({ code, errors }) => errors || code)).toEqual(Array(8).fill(0))
      expect((await tokensIn(open(task))).sort()).toEqual(['first', ...lists.flat()].sort())
    },
  )
})
