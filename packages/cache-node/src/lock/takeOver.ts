import { createHash } from 'node:crypto'
import { closeSync, openSync, unlinkSync } from 'node:fs'
import type { Machine } from '../machine.js'
import { lookAtFile, makeTicket, type HeldFile, type Sight } from './exclusiveFile.js'
import type { Flock } from './flock.js'
import { patienceFor, processText } from './lockOwner.js'

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
  readonly machine: Machine
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
  const { machine, watch, flock } = options
  const name = createHash('sha256').update(`${sight.identity} ${sight.text}`).digest('hex').slice(0, 16)
  const claimPath = `${base}.${name}.claim`
  const ticket = makeTicket(claimPath, await processText(machine))
  let claim: HeldFile | undefined
  try {
    claim = ticket.claim(claimPath)
    if (claim) return removeIfSame(path, sight, flock)
    const other = lookAtFile(claimPath)
    if (other && (await watch.isOver(claimPath, other))) await takeOver(claimPath, other, { machine, watch }, base)
  } finally {
    claim?.release()
    ticket.discard()
  }
}

function removeIfSame(path: string, { text, identity }: Sight, flock: Flock | undefined): void {
  // Kept open until it is removed: a program that locks the open file only is kept out, or keeps us out.
  const file = flock && openIfThere(path)
  try {
    if (file !== undefined && !flock?.lock(file)) return
    const now = lookAtFile(path)
    if (now?.text === text && now.identity === identity) unlinkSync(path)
  } catch {
    // It is gone, or nobody can remove it: the next look tells.
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined
  }
}
