import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'
import { findNode20 } from '../../../tools/portable/node20.ts'
import { findNode22 } from '../../../tools/portable/node22.ts'

const native = await nativeBrokerForTests()
const folder = join(import.meta.dirname, '..')
const programs = join(folder, 'node_modules', '.cache')
const bundle = async (name: string): Promise<string> => {
  const alias = { '@latchkey/core/internal': join(folder, '..', 'core', 'src', 'internal.ts') }
  const [entry, outfile] = [join(import.meta.dirname, `${name}.ts`), join(programs, `${name}.mjs`)]
  const settings = { bundle: true, platform: 'node', target: 'node20', format: 'esm', alias } as const
  await build({ entryPoints: [entry], outfile, external: ['koffi'], ...settings })
  return outfile
}
const missing = missingCompiler()
if (missing) console.log(`skipped: ${missing}`)

/** The locks that nobody holds and nobody can take: a semaphore of glibc begins with its value. */
const staleLocks = (): string[] =>
  readdirSync('/dev/shm').filter(
    (name) => name.startsWith('sem.e165a065') && readFileSync(join('/dev/shm', name)).readUInt32LE() === 0,
  )

/** A Node, and how often each way is run in it: who falls over its own end does so once in some runs only. */
const found = async (major: number, runs: number, find: () => Promise<string>) => {
  const program = await find().catch((error: Error) => error)
  const why = program instanceof Error ? program.message : undefined
  if (why) console.log(`Node ${major} is skipped: ${why}`)
  return { name: `Node ${major}${why ? ` (skipped: ${why})` : ''}`, runs, node: why ? undefined : String(program) }
}
const nodes = [
  await found(20, 4, findNode20),
  await found(22, 4, findNode22),
  await found(Number.parseInt(process.versions.node), 8, async () => process.execPath),
]

describe.skipIf(native.reason)(native.title('a process that ends in the middle of operations'), () => {
  let program: string
  beforeAll(async () => void (program = await bundle('exitProgram')))
  describe.each(nodes)('in $name', ({ node, runs }) => {
    test.skipIf(!node).each([
      ['end', 0, 'done\n'],
      ['exit', 3, ''],
      ['first', 3, ''],
      ['throw', 1, ''],
    ])(
      'by %s: with its own code, and no lock is left',
      async (way, code, said) => {
        const before = new Set(staleLocks())
        for (let run = 0; run < runs; run++)
          expect(await ending(node!, program, way, native.library)).toEqual([[code, null], said])
        // Other processes of this machine hold locks for a moment; one that nobody holds any more stays.
        await expect.poll(() => staleLocks().filter((name) => !before.has(name)), { timeout: 30_000 }).toEqual([])
      },
      120_000,
    )
  })
})

describe.skipIf(missing)(`a process whose broker never answers${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test.for(nodes)('ends in $name', { timeout: 120_000 }, async ({ node }, { skip }) => {
    if (!node) return skip()
    const standIn = buildStandIn()
    try {
      // It left at once, past the listeners that come after the library's own.
      expect(await ending(node, await bundle('silentProgram'), standIn.path)).toEqual([[7, null], ''])
    } finally {
      standIn.remove()
    }
  })
})

/** Runs a program: its code and signal, and what it said. */
async function ending(node: string, ...args: string[]): Promise<unknown> {
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  return [await once(child, 'close'), output]
}
