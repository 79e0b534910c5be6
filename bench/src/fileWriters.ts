import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CacheDocument } from '@latchkey/core'
import type { Cell, Limit, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { startPythonWriter, whyNoPython } from './runners/pythonWriter.ts'
import { median } from './statistics.ts'

const PROCESSES = 8
const kinds = ['fileCache', 'msalFileCache'] as const

/** Gets tokens in a process of its own, and says how many it did not get. */
type Writer = (path: string, scopes: readonly string[]) => Promise<number>

const writeOurs =
  (kind: string): Writer =>
  async (path, scopes) =>
    (await runNode<{ failed: number }>('runners/fileWriter.js', [JSON.stringify({ kind, path, scopes })])).failed

const python = 'MSAL Extensions for Python'
const writers: [string, Writer][] = [
  ...kinds.map((kind): [string, Writer] => [kind, writeOurs(kind)]),
  [python, async (path, scopes) => startPythonWriter(path, scopes).then(() => 0)],
  [
    'MSAL Extensions for Node',
    async (path, scopes) =>
      (await runNode<{ failed: number }>('runners/fileWriterMsalNode.js', [JSON.stringify({ path, scopes })])).failed,
  ],
]

interface Outcome {
  readonly wall: number
  readonly failed: number
  readonly kept: number | undefined
}

export const fileWriters: Measurement = {
  name: 'file-writers',
  about: 'eight processes that keep tokens in one file, and a lock that a dead one left',
  async run({ quick, progress }) {
    const each = quick ? 5 : 50
    const outcomes = new Map<string, Outcome[]>()
    for (let round = 1; round <= (quick ? 1 : 3); round++)
      for (const [name, write] of writers) {
        if (name === python && whyNoPython) continue
        progress(`file-writers: ${name}, round ${round}`)
        outcomes.set(name, [...(outcomes.get(name) ?? []), await writeTogether(write, each)])
      }
    const wallOf = (name: string): number => median(outcomes.get(name)!.map(({ wall }) => wall))
    const limits: Limit[] = []
    for (const kind of kinds) {
      const value = Math.min(...outcomes.get(kind)!.map(({ kept = 0 }) => kept))
      const what = `file-writers: tokens that ${kind} kept`
      limits.push({ what, value, limit: PROCESSES * each, relation: 'exactly', exact: true })
      if (whyNoPython) continue
      const ratio = wallOf(kind) / wallOf(python)
      limits.push({
        what: `file-writers: wall time of ${kind} ÷ Python`,
        value: ratio,
        limit: 0.5,
        relation: 'at most',
      })
    }
    const rows = writers.map(([name]): Cell[] => {
      const found = outcomes.get(name)
      if (!found) return [`${name}: not here, ${whyNoPython}`, undefined, undefined, undefined, undefined]
      const kept = found.map((one) => one.kept ?? 'unreadable').join(', ')
      const failed = found.map((one) => one.failed).join(', ')
      return [name, kept, failed, wallOf(name), whyNoPython ? undefined : wallOf(name) / wallOf(python)]
    })
    const recoveries: Cell[][] = []
    for (const kind of kinds) {
      progress(`file-writers: a dead lock, ${kind}`)
      const wall = await afterDeath(kind)
      recoveries.push([kind, wall])
      limits.push({ what: `dead lock: ms until ${kind} has written`, value: wall, limit: 1000, relation: 'at most' })
    }
    recoveries.push(['MSAL Extensions for Node: tries for 50 s, then rejects; not waited for', undefined])
    return {
      tables: [
        {
          title: `${PROCESSES} processes, ${each} tokens each, one file`,
          columns: ['cache', `kept of ${PROCESSES * each}, by round`, 'calls that failed, by round', 'ms', '÷ Python'],
          rows,
          notes: ['The time is that of all, from the start of the first process to the end of the last; medians.'],
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

async function writeTogether(write: Writer, each: number): Promise<Outcome> {
  const lists = Array.from({ length: PROCESSES }, (_, n) => Array.from({ length: each }, (_, i) => `api://${n}-${i}`))
  return inFolder(async (folder) => {
    const path = join(folder, 'tokens')
    const from = performance.now()
    const failed = await Promise.all(lists.map(async (scopes) => write(path, scopes)))
    const wall = performance.now() - from
    return { wall, failed: failed.reduce((sum, count) => sum + count, 0), kept: countTokens(path) }
  })
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
    const task = (scopes: string[]): string[] => [JSON.stringify({ kind, path, scopes })]
    const flags = ['--import', join(folder, 'killer.mjs')]
    const ended = await runNode('runners/fileWriter.js', task(['lost']), { flags }).catch((error: unknown) => error)
    if ((ended as { signal?: string }).signal !== 'SIGKILL') throw new Error('The process that should die did not')
    if (!readFileSync(`${path}.lockfile`, 'utf8')) throw new Error('It left no lock')
    const { wall } = await runNode('runners/fileWriter.js', task(['kept']))
    if (countTokens(path) !== 1) throw new Error(`${kind} has not written`)
    return wall
  })
}

function countTokens(path: string): number | undefined {
  try {
    return Object.keys((JSON.parse(readFileSync(path, 'utf8')) as CacheDocument).AccessToken ?? {}).length
  } catch {
    return undefined
  }
}

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
