import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { cacheError, fileError, systemCode } from '../cacheError.js'
import type { Machine } from '../machine.js'
import { lookAtFile, prepareFile, type Flock, type HeldFile, type Ticket } from './exclusiveFile.js'
import { HEARTBEAT, ownerName, ownerText } from './lockOwner.js'
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
  check(): Promise<void>
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
    const file = await acquire(path, options).catch((error: unknown) => {
      throw fileError('write', path, error)
    })
    const heart = setInterval(() => void file.touch(machine.now()).catch(() => {}), HEARTBEAT)
    heart.unref()
    try {
      return await body({
        async check() {
          if (!(await file.isHeld()))
            throw cacheError('lock_timeout', `Cannot write: ${path} was taken over by another process; try again`)
        },
      })
    } finally {
      clearInterval(heart)
      await file.release()
    }
  })
}

async function acquire(path: string, { timeout, machine, flock: findFlock }: LockOptions): Promise<HeldFile> {
  const [text, flock] = await Promise.all([ownerText(machine), findFlock?.()])
  const began = machine.elapsed()
  const watch = watchLocks(machine)
  const ticket = await prepare(path, text, flock)
  try {
    for (;;) {
      const file = await ticket.claim()
      if (file) return file
      const sight = await lookAtFile(path)
      if (sight && (await watch.isOver(path, sight))) {
        await takeOver(path, sight, { text, watch, flock })
        const file = await ticket.claim()
        if (file) return file
      }
      const waited = machine.elapsed() - began
      if (waited > timeout) {
        const owner = ownerName(sight?.text ?? '')
        const message = `Cannot write: ${path} is held by ${owner} for ${timeout} ms; try again, or end that process`
        throw cacheError('lock_timeout', message)
      }
      await machine.sleep(randomInt(2, waited < 5000 ? 15 : 100))
    }
  } finally {
    await ticket.discard()
  }
}

async function prepare(path: string, text: string, flock: Flock | undefined): Promise<Ticket> {
  try {
    return await prepareFile(path, text, flock)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return prepareFile(path, text, flock)
  }
}
