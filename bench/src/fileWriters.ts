import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CacheDocument } from '@latchkey/core'
import type { Cell, Limit, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { startPythonWriter, whyNoPython } from './runners/pythonWriter.ts'

const PROCESSES = 8

export const fileWriters: Measurement = {
  name: 'file-writers',
  about: 'eight processes that write tokens into one file, and a lock that a dead one left',
  async run({ quick, progress }) {
    const each = quick ? 5 : 50
    const rows: Cell[][] = []
    const limits: Limit[] = []
    const walls: Record<string, number> = {}
    const lists = Array.from({ length: PROCESSES }, (_, n) => Array.from({ length: each }, (_, i) => `${n}-${i}`))
    const measure = async (
      name: string,
      start: (path: string, tokens: string[]) => Promise<unknown>,
    ): Promise<void> => {
      progress(`file-writers: ${name}`)
      await inFolder(async (folder) => {
        const path = join(folder, 'tokens')
        const from = performance.now()
        await Promise.all(lists.map(async (tokens) => start(path, tokens)))
        walls[name] = performance.now() - from
        rows.push([name, countTokens(path), PROCESSES * each, walls[name]])
      })
    }
    for (const kind of ['fileCache', 'msalFileCache'] as const) {
      await measure(kind, async (path, tokens) =>
        runNode('runners/fileWriter.js', [JSON.stringify({ kind, path, tokens })]),
      )
      const value = Number(rows.at(-1)![1])
      const [what, limit] = [`file-writers: tokens that ${kind} kept`, PROCESSES * each]
      limits.push({ what, value, limit, relation: 'exactly', exact: true })
    }
    const python = 'MSAL Extensions for Python'
    if (whyNoPython === undefined) {
      await measure(python, startPythonWriter)
      for (const kind of ['fileCache', 'msalFileCache']) {
        const what = `file-writers: wall time of ${kind} ÷ Python`
        limits.push({ what, value: walls[kind]! / walls[python]!, limit: 0.5, relation: 'at most' })
      }
    } else rows.push([`${python}: not here, ${whyNoPython}`, undefined, undefined, undefined])
    const recoveries: Cell[][] = []
    for (const kind of ['fileCache', 'msalFileCache']) {
      progress(`file-writers: a dead lock, ${kind}`)
      const wall = await afterDeath(kind)
      recoveries.push([kind, wall])
      limits.push({ what: `dead lock: ms until ${kind} has written`, value: wall, limit: 1000, relation: 'at most' })
    }
    recoveries.push(['msal-node-extensions: tries for 50 s, then rejects; not waited for', undefined])
    return {
      tables: [
        {
          title: `${PROCESSES} processes, ${each} tokens each, one file`,
          columns: ['cache', 'tokens in the file', 'of', 'ms'],
          rows,
          notes: ['The time is that of all, from the start of the first process to the end of the last.'],
        },
        {
          title: 'A lock that a killed process left, in ms until the next process has written and ended',
          columns: ['cache', 'ms'],
          rows: recoveries,
        },
      ],
      limits,
    }
  },
}

/** The lock is a real one: its owner was killed while it held it. */
async function afterDeath(kind: string): Promise<number> {
  return inFolder(async (folder) => {
    const path = join(folder, 'tokens')
    const killer = `
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
      syncBuiltinESMExports()`
    writeFileSync(join(folder, 'killer.mjs'), killer)
    const task = (tokens: string[]): string[] => [JSON.stringify({ kind, path, tokens })]
    const flags = ['--import', join(folder, 'killer.mjs')]
    const ended = await runNode('runners/fileWriter.js', task(['lost']), { flags }).catch((error: unknown) => error)
    if ((ended as { signal?: string }).signal !== 'SIGKILL') throw new Error('The process that should die did not')
    if (!readFileSync(`${path}.lockfile`, 'utf8')) throw new Error('It left no lock')
    const { wall } = await runNode('runners/fileWriter.js', task(['kept']))
    if (countTokens(path) !== 1) throw new Error(`${kind} has not written`)
    return wall
  })
}

function countTokens(path: string): number {
  return Object.keys((JSON.parse(readFileSync(path, 'utf8')) as CacheDocument).AccessToken ?? {}).length
}

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
