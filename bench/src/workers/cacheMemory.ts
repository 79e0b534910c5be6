// A fresh process (with --expose-gc): weighs a filled cache.
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../statistics.ts'
import { loadSubject, type SubjectName } from '../subjects/subjects.ts'
import { tokenService } from '../subjects/tokenService.ts'

/** What to do. */
export interface CacheMemoryTask {
  readonly subject: SubjectName
  readonly size: number
}

/** Bytes of the heap that the tokens take. */
export interface CacheMemoryWeight {
  readonly bytes: number
}

const { subject: name, size } = JSON.parse(process.argv[2] ?? '') as CacheMemoryTask
const service = tokenService()
const create = await loadSubject(name)

// A small one first: what stays of the code is not the cache's.
await weigh(100)
// Small ones several times: the garbage of everything else weighs as much.
const weights: number[] = []
for (let count = 0; count < (size > 1000 ? 1 : 9); count++) weights.push(await weigh(size))
process.stdout.write(JSON.stringify({ bytes: median(weights) }))

async function weigh(size: number): Promise<number> {
  const subject = create('scopes', size)
  const empty = await heap()
  await subject.fill(size)
  // Indexes may be made by the first look-up only.
  await subject.acquire(0)
  const full = await heap()
  const before = service.requests
  await subject.acquire(size - 1)
  if (service.requests !== before) throw new Error(`${name} has not kept the last token`)
  return full - empty
}

async function heap(): Promise<number> {
  for (let count = 0; count < 3; count++) {
    await sleep(10)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}
