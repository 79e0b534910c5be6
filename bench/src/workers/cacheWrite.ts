// A fresh process (with --expose-gc): fills a cache, times tokens that are new to it, then removes all.
import process from 'node:process'
import { median } from '../statistics.ts'
import { entriesOf, tokenOf } from '../subjects/subject.ts'
import { loadSubject, type SubjectName } from '../subjects/subjects.ts'
import { tokenService } from '../subjects/tokenService.ts'

/** What to do. */
export interface CacheWriteTask {
  readonly subject: SubjectName
  readonly size: number
  /** How many new tokens. */
  readonly writes: number
}

/** Microseconds per new token; milliseconds for the removal of all. */
export interface CacheWriteTimes {
  readonly write: number
  readonly removal: number
}

const { subject: name, size, writes } = JSON.parse(process.argv[2] ?? '') as CacheWriteTask
const service = tokenService()
const create = await loadSubject(name)

// A small one first, so that the code is warm.
await measure(20, 500)
process.stdout.write(JSON.stringify(await measure(size, writes)))

async function measure(size: number, writes: number): Promise<CacheWriteTimes> {
  const entries = entriesOf('scopes', size + writes)
  const subject = create('scopes', size + writes)
  await subject.fill(size)
  await expectRequests(0, () => subject.acquire(0))
  globalThis.gc?.()
  const times: number[] = []
  await expectRequests(writes, async () => {
    for (let index = size; index < size + writes; index++) {
      const from = performance.now()
      const found = await subject.acquire(index)
      times.push(performance.now() - from)
      if (found?.accessToken !== tokenOf(entries[index]!)) throw new Error(`${name} gave a wrong token`)
    }
  })
  await expectRequests(0, () => subject.acquire(size))
  globalThis.gc?.()
  const from = performance.now()
  await subject.removeAll()
  const removal = performance.now() - from
  await expectRequests(1, () => subject.acquire(0))
  return { write: median(times) * 1000, removal }
}

async function expectRequests(count: number, run: () => Promise<unknown>): Promise<void> {
  const before = service.requests
  await run()
  const made = service.requests - before
  if (made !== count) throw new Error(`${name} made ${made} requests, expected ${count}`)
}
