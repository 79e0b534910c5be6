import type { BigIntStats } from 'node:fs'

/** What tells one content of a file from another without reading it. */
export interface FileStamp {
  /** Equal for an unchanged file. */
  readonly id: string
  /** Whether a change after this look cannot leave the id as it is; it can while the file's time is that of this moment. */
  readonly settled: boolean
}

/** The stamp of what is not there. */
export const ABSENT: FileStamp = { id: 'absent', settled: true }

/**
 * Makes the stamp of a file.
 *
 * A file system's clock ticks every few milliseconds, on some every two seconds; two writes of equal length between two ticks
 * look alike, even in a new file, because inode numbers are used again.
 *
 * @param stats What the system says of the file.
 * @param now The time when it was read, in milliseconds since the epoch.
 * @returns The stamp.
 */
export function fileStamp(stats: BigIntStats, now: number): FileStamp {
  const { dev, ino, size, mode, uid, mtimeNs } = stats
  const coarse = mtimeNs % 1_000_000_000n === 0n
  const age = now - Number(mtimeNs / 1_000_000n)
  return { id: [dev, ino, size, mode, uid, mtimeNs].join(':'), settled: age > (coarse ? 4000 : 100) }
}
