import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lookAtFile } from '../lock/exclusiveFile.js'
import { PATIENCE, patienceFor } from '../lock/lockOwner.js'
import { takeOver, watchLocks } from '../lock/takeOver.js'
import { withLock, type LockOptions } from '../lock/withLock.js'

/** After how long, in milliseconds, a lock that was never taken is nobody's: its owner touches it with every use. */
const OLD = 86_400_000

/** What `makeTicket`, `replaceFile` and claims are called. */
const LEFT_OVER = /^(.+?)(\.lockfile)?(\.[0-9a-f]{16}\.claim)?(\.[0-9a-f]{16}\.tmp)?$/

/**
 * Removes what killed processes left beside a cache: contents that were never put in place, locks that were never taken, claims
 * that were never let go of.
 *
 * @param folder Where.
 * @param names The files of caches whose remains are looked for; all where absent.
 * @param lock How to lock a cache: nobody else is writing then.
 */
export async function sweep(folder: string, names: readonly string[] | undefined, lock: LockOptions): Promise<void> {
  const wanted = names && new Set(names.map((name) => basename(name)))
  try {
    for (const file of await readdir(folder)) {
      const [, cache = '', isLock, claim, aside] = LEFT_OVER.exec(file) ?? []
      if ((!claim && !aside) || (wanted && !wanted.has(cache))) continue
      const path = join(folder, file)
      const lockPath = join(folder, `${cache}.lockfile`)
      if (!isLock) await withLock(lockPath, lock, () => rm(path, { force: true }))
      else await removeIfOver(path, lockPath, aside !== undefined, lock)
    }
  } catch {
    // What cannot be removed does no harm.
  }
}

async function removeIfOver(path: string, lockPath: string, isAside: boolean, { machine }: LockOptions): Promise<void> {
  const sight = lookAtFile(path)
  if (!sight) return
  const isOver = (await patienceFor(sight.text, machine)) === PATIENCE.dead
  // Nothing in it: its owner died before it wrote. Old: of another machine. Whoever misses its file makes another.
  if (isAside && (isOver || sight.text === '' || machine.now() - sight.touched > OLD)) return rm(path, { force: true })
  if (isOver) await takeOver(path, sight, { machine, watch: watchLocks(machine) }, lockPath)
}
