import type { Cell, Limit, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { tokenFiles } from './subjects/tokenFiles.ts'
import type { FileCacheTimes } from './workers/fileCache.ts'

export const fileCache: Measurement = {
  name: 'file-cache',
  about: 'one more token in a cache on the disk, at 100 to 10,000 tokens',
  async run({ quick, progress }) {
    const rows: Cell[][] = []
    const limits: Limit[] = []
    for (const size of quick ? [100] : [100, 1000, 10_000]) {
      const found: FileCacheTimes[] = []
      for (const subject of tokenFiles) {
        progress(`file-cache: ${size}, ${subject}`)
        const task = { subject, size, writes: quick ? 5 : size === 10_000 ? 15 : 50 }
        found.push(await runNode<FileCacheTimes>('workers/fileCache.ts', [JSON.stringify(task)]))
      }
      const [file, small] = [found[tokenFiles.indexOf('floor: one file')]!, found.at(-1)!]
      for (const [index, subject] of tokenFiles.entries()) {
        const { time, written } = found[index]!
        const isApart = subject.startsWith('folderCache')
        const ratio = time / (isApart || subject === 'floor: one small file' ? small : file).time
        rows.push([size, subject, time, ratio, written])
        if (!/cache/i.test(subject)) continue
        if (isApart) limits.push({ what: `${subject} at ${size} ÷ floor`, value: ratio, limit: 2, relation: 'at most' })
        else limits.push({ what: `${subject} at ${size} ÷ floor`, value: ratio, limit: 1.5, relation: 'at most' })
      }
    }
    return {
      tables: [
        {
          title: 'One more token in a cache on the disk',
          columns: ['tokens', 'cache', 'ms', '÷ floor', 'KiB written'],
          rows,
          notes: [
            'The floors write the same content aside, wait for the disk (fsync), and rename; folderCache is compared with the small one.',
            'msal-node: with a plugin as its documentation has it; its time includes the request, answered in the process.',
          ],
        },
      ],
      limits,
    }
  },
}
