import { createHash } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import type { Machine } from '../machine.js'
import { lookAtFile, prepareFile, type Flock, type Sight } from './exclusiveFile.js'
import { patienceFor } from './lockOwner.js'

/** Remembers since when locks look as they do; by a clock that does not jump. */
export interface Watch {
  /** Whether the lock has not changed for as long as its owner is given. */
  isOver(path: string, sight: Sight): Promise<boolean>
}

/**
 * Starts to watch locks.
 *
 * @param machine This machine.
 * @returns The watch.
 */
export function watchLocks(machine: Machine): Watch {
  const seen = new Map<string, { key: string; since: number }>()
  return {
    async isOver(path, { text, identity }) {
      const key = `${identity} ${text}`
      if (seen.get(path)?.key !== key) seen.set(path, { key, since: machine.elapsed() })
      return machine.elapsed() - seen.get(path)!.since >= (await patienceFor(text, machine))
    },
  }
}

/** How a lock is taken over. */
export interface TakeOverOptions {
  readonly text: string
  readonly watch: Watch
  readonly flock?: Flock | undefined
}

/**
 * Removes a lock whose owner is gone.
 *
 * Of several that see the same one only one may remove it, or the second would remove the lock that the first made in the
 * meantime. Who may is decided by a claim: a file named after that very lock. The claim's owner looks again before it removes.
 * A claim is a lock itself, and taken over in the same way.
 *
 * @param path The lock.
 * @param sight How it looked when it was judged.
 * @param options Who we are.
 * @param base The lock that the claims are named after.
 */
export async function takeOver(
  path: string,
  sight: Sight,
  options: TakeOverOptions,
  base: string = path,
): Promise<void> {
  const { text, watch, flock } = options
  const name = createHash('sha256').update(`${sight.identity} ${sight.text}`).digest('hex').slice(0, 16)
  const claimPath = `${base}.${name}.claim`
  const ticket = await prepareFile(claimPath, text)
  try {
    const claim = await ticket.claim()
    if (!claim) {
      const other = await lookAtFile(claimPath)
      if (other && (await watch.isOver(claimPath, other))) await takeOver(claimPath, other, { text, watch }, base)
      return
    }
    try {
      await removeIfSame(path, sight, flock)
    } finally {
      await claim.release()
    }
  } finally {
    await ticket.discard()
  }
}

async function removeIfSame(path: string, { text, identity }: Sight, flock: Flock | undefined): Promise<void> {
  // Kept open until it is removed: a program that locks the open file only is kept out, or keeps us out.
  const handle = flock && (await open(path, 'r').catch(() => undefined))
  try {
    if (handle && !flock(handle.fd)) return
    const now = await lookAtFile(path)
    if (now?.text === text && now.identity === identity) await unlink(path).catch(() => {})
  } finally {
    await handle?.close()
  }
}
