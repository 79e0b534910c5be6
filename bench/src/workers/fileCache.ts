// A fresh process: fills a cache on the disk, and times tokens that are new to it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { median } from '../statistics.ts'
import { openTokenFile, type TokenFileName } from '../subjects/tokenFiles.ts'
import { tokenService } from '../subjects/tokenService.ts'

/** What to do. */
export interface FileCacheTask {
  readonly subject: TokenFileName
  readonly size: number
  /** How many new tokens. */
  readonly writes: number
}

/** Milliseconds per new token, and KiB that the process handed to the system for it. */
export interface FileCacheTimes {
  readonly time: number
  readonly written: number | undefined
}

const { subject, size, writes } = JSON.parse(process.argv[2] ?? '') as FileCacheTask
tokenService()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
try {
  const file = openTokenFile(subject, folder, size + writes + 2)
  await file.fill(size)
  // The code is warm, and the file as this process writes it.
  for (const index of [size, size + 1]) await file.add(index)
  const before = bytesWritten()
  const times: number[] = []
  for (let index = size + 2; index < size + 2 + writes; index++) {
    const from = performance.now()
    await file.add(index)
    times.push(performance.now() - from)
  }
  const written = before === undefined ? undefined : (bytesWritten()! - before) / 1024 / writes
  process.stdout.write(JSON.stringify({ time: median(times), written }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Linux counts them. */
function bytesWritten(): number | undefined {
  if (process.platform !== 'linux') return undefined
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1])
}
