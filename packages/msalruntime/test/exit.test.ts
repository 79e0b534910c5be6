import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { nativeBrokerForTests } from '../../../tools/nativeBroker/nativeBrokerForTests.ts'

const native = await nativeBrokerForTests()
const folder = join(import.meta.dirname, '..')
const program = join(folder, 'node_modules', '.cache', 'exitProgram.mjs')

/** The locks that nobody holds and nobody can take: a semaphore of glibc begins with its value. */
const staleLocks = (): string[] =>
  readdirSync('/dev/shm').filter(
    (name) => name.startsWith('sem.e165a065') && readFileSync(join('/dev/shm', name)).readUInt32LE() === 0,
  )

describe.skipIf(native.reason)(native.title('a process that ends in the middle of operations'), () => {
  beforeAll(async () => {
    const alias = { '@latchkey/core/internal': join(folder, '..', 'core', 'src', 'internal.ts') }
    const entry = join(import.meta.dirname, 'exitProgram.ts')
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm', alias })
  })
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
      expect(staleLocks().filter((name) => !before.has(name))).toEqual([])
    },
    120_000,
  )
})
