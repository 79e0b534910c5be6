import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { bundleProgram } from './fixtures/bundleProgram.js'
import { namesIn } from './fixtures/documents.js'
import { redisForTests } from './fixtures/redisForTests.js'
import type { WriterTask } from './fixtures/writerProgram.js'

const redis = await redisForTests()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-redis-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts a writer that waits; the function that is returned lets it go, and resolves when it has ended well. */
async function startWriter(program: string, task: WriterTask): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), ended])
  return async () => {
    child.stdin.end('go\n')
    const [code] = await ended
    if (code !== 0) throw new Error(`A writer ended with ${code}\n${errors}`)
  }
}

describe.skipIf(redis.reason)(redis.title('many processes'), () => {
  test('4 processes, 10,000 partitions, interleaved updates: none is lost', { timeout: 300_000 }, async () => {
    const program = await bundleProgram(fileURLToPath(new URL('fixtures/writerProgram.ts', import.meta.url)), folder)
    const [prefix, partitions, hot] = [redis.newPrefix(), 10_000, 500]
    const names = ['one', 'two', 'three', 'four']
    const task = { port: redis.server().port, prefix, partitions, hot }
    const writers = await Promise.all(names.map((name) => startWriter(program, { ...task, name })))
    await Promise.all(writers.map((go) => go()))

    const store = redis.open({ prefix, encryptionKey: new Uint8Array(32), timeout: 120_000 })
    const listed = [...(await store.partitions!())]
    expect(listed).toHaveLength(partitions + 1)
    const incomplete: string[] = []
    for (const partition of listed) {
      const found = await namesIn(store, partition)
      const complete = partition === 'hot' ? found.length === names.length * hot : found.join() === 'four,one,three,two'
      if (!complete) incomplete.push(`${partition}: ${found.length}`)
    }
    expect(incomplete).toEqual([])
    // They did meet: races were lost, and won later. One write holds all updates of a process that came together.
    const [, evals] = /cmdstat_eval:calls=(\d+)/.exec(await redis.client().info('commandstats')) ?? []
    const [, sets] = /cmdstat_set:calls=(\d+)/.exec(await redis.client().info('commandstats')) ?? []
    expect(Number(sets)).toBeGreaterThan(names.length * partitions)
    expect(Number(evals)).toBeGreaterThan(Number(sets))
    console.log(`writes: ${sets}, tried: ${evals}`)
  })
})
