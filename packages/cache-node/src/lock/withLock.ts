import { randomInt } from 'node:crypto'
import { cacheError, fileError } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { borrowTicket, type BorrowedTicket } from './borrowTicket.js'
import { glanceAtFile, lookAtFile, type HeldFile } from './exclusiveFile.js'
import type { Flock } from './flock.js'
import { HEARTBEAT, ownerName, processText } from './lockOwner.js'
import { inTurn } from './queue.js'
import { takeOver, watchLocks } from './takeOver.js'

/** How a lock is taken. */
export interface LockOptions {
  /** How long to wait, in milliseconds. */
  readonly timeout: number
  readonly machine: Machine
  /** Also locks the open file, for other MSALs. */
  readonly flock?: (() => Promise<Flock | undefined>) | undefined
}

/** A lock that is held. */
export interface Lock {
  /**
   * Checks that nobody took it over, as happens to a process that was stopped for long.
   *
   * @throws {AuthError} `cache_locked` where somebody did.
   */
  check(): void
}

/**
 * Does something while no other process, thread or MSAL that keeps to the lock does.
 *
 * @param path The lock file.
 * @param options How to take it.
 * @param body What to do.
 * @returns What `body` does.
 * @throws {AuthError} `cache_locked` when it cannot be had in time, or the file cannot be written.
 */
export function withLock<T>(path: string, options: LockOptions, body: (lock: Lock) => Promise<T>): Promise<T> {
  return inTurn(path, async () => {
    const { machine } = options
    const [owner, flock] = await Promise.all([processText(machine), options.flock?.()])
    let ticket: BorrowedTicket | undefined
    let file: HeldFile
    try {
      ticket = borrowTicket(path, owner, flock)
      file = await acquire(ticket, path, options)
    } catch (error) {
      ticket?.giveBack()
      throw fileError('write', path, error)
    }
    const heart = setInterval(() => beat(file, machine), HEARTBEAT).unref()
    try {
      return await body({
        check() {
          if (!file.isHeld())
            throw cacheError('lock_timeout', `Cannot write: ${path} was taken over by another process; try again`)
        },
      })
    } finally {
      clearInterval(heart)
      file.release()
      ticket.giveBack()
    }
  })
}

function beat(file: HeldFile, machine: Machine): void {
  try {
    file.touch(machine.now())
  } catch {
    // The next check says what is wrong.
  }
}

/** Between two looks at a lock that somebody has, in milliseconds. Longer, and those who have it write on for longer. */
const LONGEST_PAUSE = 50

/** Who waits only glances at the lock. One that has not changed since the last time is looked at: its owner may be gone. */
async function acquire(ticket: BorrowedTicket, path: string, options: LockOptions): Promise<HeldFile> {
  const { machine, timeout } = options
  const began = machine.elapsed()
  const watch = watchLocks(machine)
  let before: string | undefined
  for (let pause = 4; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const glance = glanceAtFile(path)
    const sight = glance !== undefined && glance === before ? lookAtFile(path) : undefined
    if (sight && (await watch.isOver(path, sight)))
      await takeOver(path, sight, { machine, watch, flock: await options.flock?.() })
    const file = glance === undefined || sight ? ticket.claim() : undefined
    if (file) return file
    before = glance
    if (machine.elapsed() - began > timeout) {
      const owner = ownerName(lookAtFile(path)?.text ?? '')
      const message = `Cannot write: ${path} is held by ${owner} for ${timeout} ms; try again, or end that process`
      throw cacheError('lock_timeout', message)
    }
    await machine.sleep(randomInt(pause >> 1, pause))
  }
}
