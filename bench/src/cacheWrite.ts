import type { Cell, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import type { SubjectName } from './subjects/subjects.ts'
import type { CacheWriteTimes } from './workers/cacheWrite.ts'

const subjects: SubjectName[] = ['latchkey memory', 'latchkey serializable', 'msal-node', 'floor']

export const cacheWrite: Measurement = {
  name: 'cache-write',
  about: 'one new token, and the removal of all, at 100 to 100,000 tokens',
  async run({ quick, progress }) {
    const writes: Cell[][] = []
    const removals: Cell[][] = []
    for (const size of quick ? [100] : [100, 1000, 10_000, 100_000]) {
      const times: CacheWriteTimes[] = []
      for (const subject of subjects) {
        progress(`cache-write: ${size}, ${subject}`)
        const task = { subject, size, writes: writesOf(subject, size, quick) }
        const flags = ['--expose-gc', '--max-old-space-size=8192']
        times.push(await runNode<CacheWriteTimes>('workers/cacheWrite.ts', [JSON.stringify(task)], { flags }))
      }
      writes.push([size, ...times.map(({ write }) => write), times[2]!.write / times[0]!.write])
      removals.push([size, ...times.map(({ removal }) => removal), times[2]!.removal / times[0]!.removal])
    }
    const columns = [...subjects, 'msal-node ÷ latchkey memory']
    return {
      tables: [
        {
          title: 'One new token with n stored, in µs',
          columns: ['tokens', ...columns],
          rows: writes,
          notes: [
            'Everything but the network: the request is made, and answered in the process. msal-node: 5 to 100 tokens; others 500.',
          ],
        },
        {
          title: 'Removal of all n tokens of the app, in ms',
          columns: ['tokens', ...columns],
          rows: removals,
          notes: [
            'Once. latchkey: removeTokensForClient; msal-node has no such operation: clearCache; floor: Map.clear.',
          ],
        },
      ],
      limits: [],
    }
  },
}

/** MSAL Node takes up to a second for one. */
function writesOf(subject: SubjectName, size: number, quick: boolean): number {
  if (quick) return 20
  return subject === 'msal-node' ? Math.min(100, Math.max(5, 200_000 / size)) : 500
}
