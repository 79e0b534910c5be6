import type { Cell, Limit, Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { tokenFiles } from './subjects/tokenFiles.ts'
import type { FileCacheTask, FileCacheTimes } from './workers/fileCache.ts'

export const fileCache: Measurement = {
  name: 'file-cache',
  about: 'one more token in a cache on the disk, at 100 to 10,000 tokens',
  async run({ quick, progress }) {
    const rows: Cell[][] = []
    const limits: Limit[] = []
    for (const size of quick ? [100] : [100, 1000, 10_000]) {
      for (const subject of tokenFiles) {
        progress(`file-cache: ${size}, ${subject}`)
        const isApart = subject.startsWith('folderCache')
        const task: FileCacheTask = { subject, size, writes: quick ? 5 : size === 10_000 && !isApart ? 15 : 100 }
        const { time, floor, written, read, look } = await runNode<FileCacheTimes>('workers/fileCache.ts', [
          JSON.stringify(task),
        ])
        rows.push([size, subject, time, floor, time / floor, written, read, read / look])
        if (subject.startsWith('msal-node')) continue
        const limit = isApart ? 2 : 1.5
        limits.push({ what: `${subject} at ${size} ÷ floor`, value: time / floor, limit, relation: 'at most' })
      }
    }
    const alone: Cell[][] = []
    for (const subject of quick ? [] : (['folderCache, plain', 'folderCache, key'] as const)) {
      progress(`file-cache: one at a time, ${subject}`)
      const task: FileCacheTask = { subject, size: 1000, writes: 15, pause: 600 }
      const { time, floor } = await runNode<FileCacheTimes>('workers/fileCache.ts', [JSON.stringify(task)])
      alone.push([subject, time, floor, time / floor])
      limits.push({ what: `${subject}, one at a time ÷ floor`, value: time / floor, limit: 2, relation: 'at most' })
    }
    return {
      tables: [
        {
          title: 'One more token in a cache on the disk',
          columns: ['tokens', 'cache', 'ms', 'floor, ms', '÷ floor', 'KiB written', 'read, µs', '÷ lstat'],
          rows,
          notes: [
            'The floor writes the same content aside, waits for the disk (fsync), and renames; beside folderCache, the token alone.',
            'msal-node: with a plugin as its documentation has it; its time includes the request, answered in the process.',
            'read: the cache of a token that is there, whose file nobody changed.',
          ],
        },
        {
          title: 'One more token of 1,000, more than a second after the last',
          columns: ['cache', 'ms', 'floor, ms', '÷ floor'],
          rows: alone,
        },
      ],
      limits,
    }
  },
}
