import type { Cell, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import type { SubjectName } from './subjects/subjects.ts'
import type { CacheMemoryWeight } from './workers/cacheMemory.ts'

const subjects: SubjectName[] = ['latchkey memory', 'latchkey serializable', 'msal-node', 'floor']

export const cacheMemory: Measurement = {
  name: 'cache-memory',
  about: 'heap per 10,000 tokens',
  async run({ quick, progress }) {
    const rows: Cell[][] = []
    for (const size of quick ? [100] : [100, 1000, 10_000, 100_000]) {
      const weights: number[] = []
      for (const subject of subjects) {
        progress(`cache-memory: ${size}, ${subject}`)
        const flags = ['--expose-gc', '--max-old-space-size=8192']
        const args = [JSON.stringify({ subject, size })]
        const { bytes } = await runNode<CacheMemoryWeight>('workers/cacheMemory.ts', args, { flags })
        weights.push((bytes / size) * (10_000 / 2 ** 20))
      }
      rows.push([size, ...weights, weights[2]! / weights[0]!, weights[0]! / weights[3]!])
    }
    return {
      tables: [
        {
          title: 'Heap per 10,000 tokens after garbage collection, in MiB',
          columns: ['tokens', ...subjects, 'msal-node ÷ latchkey memory', 'latchkey memory ÷ floor'],
          rows,
          notes: [
            'Tokens of 1.5 KiB: 14.6 MiB of text per 10,000. msal-node is filled by deserialize, and keeps that text; ' +
              'so filled is latchkey serializable. The others are filled by token requests.',
          ],
        },
      ],
      limits: [],
    }
  },
}
