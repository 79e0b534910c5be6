import type { Cell, Limit, Measurement, RunOptions, Table } from './measurement.ts'
import { runNode } from './runNode.ts'
import type { Shape } from './subjects/subject.ts'
import type { SubjectName } from './subjects/subjects.ts'
import type { CacheHitTask, CacheHitTimes } from './workers/cacheHit.ts'

const caches = ['latchkey memory', 'latchkey serializable'] as const
const titles: Record<Shape, string> = {
  scopes: 'Cache hit by number of tokens: n scopes in one tenant',
  tenants: 'Cache hit by number of tokens: one scope in n tenants',
}

/** Nanoseconds per hit, for one number of tokens. */
interface Row {
  readonly size: number
  readonly msal: { p50: number; perSecond: number }
  /** Each cache of ours, and the floor as it was in the same process. */
  readonly ours: readonly { p50: number; perSecond: number; floor: number }[]
}

export const cacheHit: Measurement = {
  name: 'cache-hit',
  about: 'a token that is in the cache, at 1 to 100,000 tokens',
  async run(options) {
    const tables: Table[] = []
    const limits: Limit[] = []
    for (const shape of ['scopes', 'tenants'] as const) {
      const rows: Row[] = []
      for (const size of options.quick ? [1, 100] : [1, 100, 1000, 10_000, 100_000]) {
        rows.push(await measure(shape, size, options))
      }
      tables.push(tableOf(shape, rows))
      limits.push(...limitsOf(shape, rows))
    }
    return { tables, limits }
  },
}

async function measure(shape: Shape, size: number, { quick, progress }: RunOptions): Promise<Row> {
  const run = (subjects: SubjectName[], task: Pick<CacheHitTask, 'rounds' | 'batch'>): Promise<CacheHitTimes> => {
    progress(`cache-hit: ${size} ${shape}, ${subjects.join(', ')}`)
    return runNode('workers/cacheHit.ts', [JSON.stringify({ subjects, shape, size, time: quick ? 10 : 60, ...task })], {
      flags: ['--expose-gc', '--max-old-space-size=8192'],
    })
  }
  const ours: Row['ours'][number][] = []
  for (const cache of caches) {
    const times = await run(['floor', cache], { rounds: quick ? 2 : 7, batch: 500 })
    ours.push({ ...times[cache]!, floor: times.floor!.p50 })
  }
  const msal = await run(['msal-node'], { rounds: quick ? 2 : 3, batch: 1 })
  return { size, ours, msal: msal['msal-node']! }
}

const tableOf = (shape: Shape, rows: readonly Row[]): Table => ({
  title: titles[shape],
  columns: [
    'tokens',
    ...caches.flatMap((cache) => [`${cache}, ns`, 'floor, ns', '÷ floor']),
    'msal-node, ns',
    '÷ latchkey memory',
    'latchkey memory, ops/s',
    'msal-node, ops/s',
  ],
  notes: growthNote(rows),
  rows: rows.map(({ size, ours, msal }): Cell[] => [
    size,
    ...ours.flatMap(({ p50, floor }) => [Math.round(p50), Math.round(floor), p50 / floor]),
    Math.round(msal.p50),
    msal.p50 / ours[0]!.p50,
    Math.round(ours[0]!.perSecond),
    msal.perSecond,
  ]),
})

/** What the processor's own caches do to anything that large. */
function growthNote(rows: readonly Row[]): string[] {
  const [small, large] = [rows.find(({ size }) => size === 100), rows.find(({ size }) => size === 100_000)]
  if (!small || !large) return []
  const growths = caches.map((cache, index) => {
    const [from, to] = [small.ours[index]!, large.ours[index]!]
    return `${cache} × ${(to.p50 / from.p50).toFixed(2)} (the floor beside it × ${(to.floor / from.floor).toFixed(2)})`
  })
  return [
    `From 100 to 100,000 tokens: ${growths.join('; ')}. No work is added; what is read no longer fits the processor's caches.`,
  ]
}

function limitsOf(shape: Shape, rows: readonly Row[]): Limit[] {
  const at = (size: number): Row | undefined => rows.find((row) => row.size === size)
  return caches.flatMap((cache, index): Limit[] => {
    const limit = (what: string, value: number, limit: number, relation: Limit['relation']): Limit => ({
      what: `cache hit, ${shape}: ${cache} ${what}`,
      value,
      limit,
      relation,
    })
    const worst = Math.max(...rows.map(({ ours }) => ours[index]!.p50 / ours[index]!.floor))
    const [small, middle, large] = [at(100), at(1000), at(100_000)]
    return [
      limit('÷ floor, at worst', worst, 3, 'at most'),
      ...(small && large
        ? [limit('at 100,000 ÷ at 100', large.ours[index]!.p50 / small.ours[index]!.p50, 2, 'at most')]
        : []),
      ...(middle
        ? [limit('times as fast as msal-node at 1,000', middle.msal.p50 / middle.ours[index]!.p50, 300, 'at least')]
        : []),
    ]
  })
}
