// A fresh process (with --expose-gc): fills caches and times hits that rotate over all entries. Subjects take turns, so that a
// slow moment of the machine hits all of them.
import process from 'node:process'
import { quantile } from '../statistics.ts'
import { entriesOf, tokenOf, type Shape, type Subject } from '../subjects/subject.ts'
import { loadSubject, type SubjectName } from '../subjects/subjects.ts'
import { tokenService } from '../subjects/tokenService.ts'

/** What to do. */
export interface CacheHitTask {
  readonly subjects: readonly SubjectName[]
  readonly shape: Shape
  readonly size: number
  readonly rounds: number
  /** Milliseconds per subject and round. */
  readonly time: number
  /** Operations between two looks at the clock. */
  readonly batch: number
}

/** What one subject did: nanoseconds per operation, operations per second. */
export type CacheHitTimes = Partial<Record<SubjectName, { p50: number; perSecond: number }>>

interface Contestant {
  readonly name: SubjectName
  readonly subject: Subject
  readonly tokens: string[]
  next: number
  /** Nanoseconds per operation, of each batch. */
  readonly batches: number[]
}

const { subjects, shape, size, rounds, time, batch } = JSON.parse(process.argv[2] ?? '') as CacheHitTask
const service = tokenService()
const contestants: Contestant[] = []
for (const name of subjects) {
  const entries = entriesOf(shape, size)
  const create = await loadSubject(name)
  const subject = create(shape, size)
  await subject.fill(size)
  const before = service.requests
  // Every token is read once and compared. Where that takes too long, later reads compare with what the cache was filled with.
  const checked = batch === 1 ? Math.min(size, 10) : size
  const tokens = entries.map(tokenOf)
  for (let index = 0; index < checked; index++) {
    const found = await subject.acquire(index)
    if (found?.accessToken !== tokens[index]) throw new Error(`${name} gave a wrong token for entry ${index}`)
    // The cache's own string: comparing it later costs nothing.
    tokens[index] = found!.accessToken
  }
  if (service.requests !== before) throw new Error(`${name} made requests for tokens that it has`)
  contestants.push({ name, subject, tokens, next: 0, batches: [] })
}
const requests = service.requests

for (let round = -1; round < rounds; round++) {
  for (const contestant of contestants) {
    globalThis.gc?.()
    const end = performance.now() + time
    do {
      const nanoseconds = await runBatch(contestant)
      // The first round warms up.
      if (round >= 0) contestant.batches.push(nanoseconds / batch)
    } while (performance.now() < end)
  }
}
if (service.requests !== requests)
  throw new Error(`${service.requests - requests} requests were made for cached tokens`)

const times: CacheHitTimes = {}
for (const { name, batches } of contestants) {
  const mean = batches.reduce((sum, value) => sum + value, 0) / batches.length
  times[name] = { p50: quantile(batches, 0.5), perSecond: 1e9 / mean }
}
process.stdout.write(JSON.stringify(times))

async function runBatch(contestant: Contestant): Promise<number> {
  const { subject, tokens } = contestant
  let { next } = contestant
  const from = process.hrtime.bigint()
  for (let count = 0; count < batch; count++) {
    const found = await subject.acquire(next)
    if (found?.accessToken !== tokens[next]) throw new Error(`A wrong token for entry ${next}`)
    next = next + 1 === size ? 0 : next + 1
  }
  const nanoseconds = Number(process.hrtime.bigint() - from)
  contestant.next = next
  return nanoseconds
}
