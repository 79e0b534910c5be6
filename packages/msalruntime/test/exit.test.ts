import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'
import { buildStandIn, missingCompiler } from '../../../tools/nativeBroker/standIn.ts'

const native = await nativeBrokerForTests()
const folder = join(import.meta.dirname, '..')
const programs = join(folder, 'node_modules', '.cache')
const bundle = async (name: string): Promise<string> => {
  const alias = { '@latchkey/core/internal': join(folder, '..', 'core', 'src', 'internal.ts') }
  const [entry, outfile] = [join(import.meta.dirname, `${name}.ts`), join(programs, `${name}.mjs`)]
  const settings = { bundle: true, platform: 'node', format: 'esm', alias } as const
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

describe.skipIf(native.reason)(native.title('a process that ends in the middle of operations'), () => {
  let program: string
  beforeAll(async () => void (program = await bundle('exitProgram')))
  test.each([
    ['end', 0],
    ['exit', 3],
    ['first', 3],
    ['throw', 1],
  ])(
    'by %s: with its own code, and no lock is left',
    async (way, code) => {
      const before = new Set(staleLocks())
      for (let run = 0; run < 8; run++) {
        const child = spawn(process.execPath, [program, way, native.library], { stdio: 'ignore' })
        expect(await once(child, 'exit')).toEqual([code, null])
      }
      // Other processes of this machine hold locks for a moment; one that nobody holds any more stays.
      await expect.poll(() => staleLocks().filter((name) => !before.has(name)), { timeout: 30_000 }).toEqual([])
    },
    120_000,
  )
})

test.skipIf(missing)(
  `a process ends whose broker never answers${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const standIn = buildStandIn()
    const program = await bundle('silentProgram')
    const child = spawn(process.execPath, [program, standIn.path], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    expect(await once(child, 'close')).toEqual([7, null])
    // It left at once, past the listeners that come after the library's own.
    expect(output).toBe('')
    standIn.remove()
  },
  120_000,
)
