import { closeSync, constants, fstatSync, futimesSync, linkSync, lstatSync, openSync, readSync } from 'node:fs'
import { rmSync, unlinkSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { systemCode } from '../cacheError.js'
import type { Flock } from './flock.js'

/** A file that is ours as long as it is there. */
export interface HeldFile {
  /** Whether the file at the path is still the one that we made. */
  isHeld(): boolean
  /** Changes its time, which tells others that its owner lives. */
  touch(milliseconds: number): void
  /** Removes it, if it is still ours. */
  release(): void
}

/** A file that is ready to become a lock, as often as wanted. */
export interface Ticket {
  /** Makes the next lock unlike every one before it; `false` where another program has the system's lock on the file. */
  renew(): boolean
  /** Makes it the lock at a path; `undefined` where there is one already. Throws `ENOENT` where somebody swept it away. */
  claim(path: string): HeldFile | undefined
  /** Lets go of the system's lock. */
  unlock(): void
  /** Removes the file; the locks that it became stay. */
  unlink(): void
  /** Removes and closes it: it cannot become a lock any more. */
  discard(): void
}

/** What a lock file looks like: equal sights are of the same lock, untouched in between. */
export interface Sight {
  readonly text: string
  readonly identity: string
  /** When its owner last showed that it lives, in milliseconds since the epoch. */
  readonly touched: number
}

/** What `link` says where the file system has no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'UNKNOWN'])

/** On Windows, what says that somebody has the file open or is just removing it. */
const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY'])

/**
 * Writes a file aside, so that a lock appears with its content in one step: who dies in between leaves no lock without an owner.
 *
 * @param beside The path that the file is named after.
 * @param owner Who we are.
 * @param flock Also takes this lock on it, for programs that look at nothing else.
 * @returns The ticket.
 */
export function makeTicket(beside: string, owner: string, flock?: Flock): Ticket {
  const aside = `${beside}.${randomBytes(8).toString('hex')}.tmp`
  const text = (): string => `${owner} ${randomBytes(12).toString('hex')}`
  const file = openNew(aside, text(), flock)
  let linked = true
  const ticket: Ticket = {
    renew() {
      if (flock && !flock.lock(file)) return false
      writeSync(file, text(), 0)
      return true
    },
    claim(path) {
      try {
        if (!linked) return held(path, openNew(path, text(), flock), true)
        linkSync(aside, path)
        return held(path, file, false)
      } catch (error) {
        const code = systemCode(error)
        if (code === 'EEXIST' || (!linked && process.platform === 'win32' && BUSY.has(code))) return undefined
        if (!linked || !NO_LINKS.has(code)) throw error
        linked = false
        return ticket.claim(path)
      }
    },
    unlock: () => flock?.unlock(file),
    unlink: () => rmSync(aside, { force: true }),
    discard() {
      closeSync(file)
      ticket.unlink()
    },
  }
  return ticket
}

function openNew(path: string, text: string, flock: Flock | undefined): number {
  const file = openSync(path, 'wx', 0o600)
  try {
    flock?.lock(file)
    writeSync(file, text)
    return file
  } catch (error) {
    closeSync(file)
    rmSync(path, { force: true })
    throw error
  }
}

function held(path: string, file: number, isOwn: boolean): HeldFile {
  const isHeld = (): boolean => {
    const there = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    const own = fstatSync(file, { bigint: true })
    return there !== undefined && own.ino === there.ino && own.dev === there.dev
  }
  return {
    isHeld,
    touch: (milliseconds) => futimesSync(file, milliseconds / 1000, milliseconds / 1000),
    release() {
      try {
        if (isHeld()) unlinkSync(path)
      } catch {
        // Somebody removed it for us, or nobody can: what was done under the lock is done, and the next one will see to it.
      } finally {
        if (isOwn) closeSync(file)
      }
    },
  }
}

/**
 * Looks whether a lock is there, and the same as before, at next to no cost.
 *
 * @param path Where it is.
 * @returns Equal for a lock that nobody touched in between; `undefined` where nothing is.
 */
export function glanceAtFile(path: string): string | undefined {
  try {
    const there = lstatSync(path, { bigint: true, throwIfNoEntry: false })
    return there && `${there.ino}:${there.size}:${there.mtimeNs}`
  } catch (error) {
    return systemCode(error)
  }
}

/**
 * Looks at a lock.
 *
 * @param path Where it is.
 * @returns What is there; `undefined` where nothing is.
 */
export function lookAtFile(path: string): Sight | undefined {
  let file: number | undefined
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    const there = lstatSync(path, { bigint: true })
    // A link, a folder or a pipe in the lock's place has no text, and is as good a lock as any.
    if (!there.isFile()) return { text: '', identity: `${there.ino}:${there.mtimeNs}`, touched: Number(there.mtimeMs) }
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const buffer = Buffer.alloc(512)
    const length = readSync(file, buffer, 0, 512, 0)
    const { ino, size, mtimeNs, mtimeMs } = fstatSync(file, { bigint: true })
    return { text: buffer.toString('utf8', 0, length), identity: `${ino}:${size}:${mtimeNs}`, touched: Number(mtimeMs) }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    // It is there, and cannot be read: another user's, or being removed.
    return { text: '', identity: systemCode(error), touched: Infinity }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
