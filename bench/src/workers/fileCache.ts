// A fresh process: fills a cache on the disk and what it is measured by, and times tokens that are new to both, in turn.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { median } from '../statistics.ts'
import { openTokenFile, tokenFileFloor, type TokenFile, type TokenFileName } from '../subjects/tokenFiles.ts'
import { tokenService } from '../subjects/tokenService.ts'

/** What to do. */
export interface FileCacheTask {
  readonly subject: TokenFileName
  readonly size: number
  /** How many new tokens. */
  readonly writes: number
  /** How long to wait before each, in milliseconds. */
  readonly pause?: number
}

/** Milliseconds per new token, of the cache and of its floor, and KiB that the process handed to the system for it. */
export interface FileCacheTimes {
  readonly time: number
  readonly floor: number
  /** Microseconds per read of a token that is there, of the cache and of one look at its file. */
  readonly read: number
  readonly look: number
  readonly written: number | undefined
}

const { subject, size, writes, pause = 0 } = JSON.parse(process.argv[2] ?? '') as FileCacheTask
tokenService()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
const folderOf = (name: string): string => {
  mkdirSync(join(folder, name))
  return join(folder, name)
}
try {
  const count = size + writes + 2
  const [file, floor] = [
    openTokenFile(subject, folderOf('cache'), count),
    tokenFileFloor(subject, folderOf('floor'), count),
  ]
  for (const one of [file, floor]) await one.fill(size)
  // The code is warm, and the file as this process writes it.
  for (const index of [size, size + 1]) for (const one of [file, floor]) await one.add(index)
  const times: number[] = []
  const floorTimes: number[] = []
  let written: number | undefined = 0
  for (let index = size + 2; index < count; index++) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    const before = bytesWritten()
    times.push(await timeOf(() => file.add(index)))
    written = before === undefined ? undefined : written! + bytesWritten()! - before
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    floorTimes.push(await timeOf(() => floor.add(index)))
  }
  const [read, look] = [await timeOfRead(file), await timeOfRead(floor)]
  const found: FileCacheTimes = {
    read,
    look,
    time: median(times),
    floor: median(floorTimes),
    written: written === undefined ? undefined : written / 1024 / writes,
  }
  process.stdout.write(JSON.stringify(found))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** In microseconds; the caches answer in line, and would be slower for waiting. */
async function timeOfRead(file: TokenFile): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 30; round++) {
    const from = performance.now()
    let reads = 0
    do {
      for (let index = 0; index < 10; index++) {
        const answer = file.read(index)
        if (answer instanceof Promise) await answer
      }
      reads += 10
    } while (performance.now() - from < 5)
    times.push((1000 * (performance.now() - from)) / reads)
  }
  return median(times)
}

/** Linux counts them. */
function bytesWritten(): number | undefined {
  if (process.platform !== 'linux') return undefined
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1])
}
