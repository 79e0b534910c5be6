import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { systemCode } from '../cacheError.js'
import { makeTicket, type HeldFile, type Ticket } from './exclusiveFile.js'
import type { Flock } from './flock.js'

/** A ticket for as long as one lock takes. */
export interface BorrowedTicket {
  /** Makes it the lock; `undefined` where there is one already. */
  claim(): HeldFile | undefined
  /** Gives it back, once the lock is released. */
  giveBack(): void
}

/** A ticket in use, by several locks of a folder at once, it may be. */
interface SharedTicket {
  readonly ticket: Ticket
  users: number
}

/** The locks of one folder that were taken of late. */
interface Burst {
  shared: SharedTicket | undefined
  count: number
  readonly timer: NodeJS.Timeout
}

/** After how many locks in a row the ticket is kept for the next one. */
const MANY = 10

/** On Windows a file that was removed under one of its names cannot get another before it is closed. */
const canBeKept = process.platform !== 'win32'

/** How long after a lock, in milliseconds, the next one counts as the next in a row. */
const LINGER = 1000

const bursts = /* @__PURE__ */ new Map<string, Burst>()

/**
 * Gets a ticket that all locks of a folder share. When many come in a row it is kept for the next one, because making a file for each
 * would cost as much as writing a small cache. It goes a second after its last use, or with the process.
 *
 * @param path The lock.
 * @param owner Who we are.
 * @param flock Also locks the open file.
 * @returns The ticket.
 */
export function borrowTicket(path: string, owner: string, flock: Flock | undefined): BorrowedTicket {
  const key = `${dirname(path)}\0${owner}\0${flock !== undefined}`
  const burst = bursts.get(key) ?? begin(key)
  burst.count++
  let own = reuse(burst) ?? make()
  return { claim: () => claim(5), giveBack }

  function claim(attempts: number): HeldFile | undefined {
    try {
      const file = own.ticket.claim(path)
      if (file && !isInRow(burst) && own.users === 1) {
        forget()
        own.ticket.unlink()
      }
      return file
    } catch (error) {
      // Somebody removed it, or the folder. A sweep may: before its text is written it looks like that of a dead process.
      if (systemCode(error) !== 'ENOENT' || attempts === 1) throw error
      forget()
      giveBack()
      own = make()
      return claim(attempts - 1)
    }
  }

  /** Lets nobody use it after us. */
  function forget(): void {
    if (own === burst.shared) burst.shared = undefined
  }

  function make(): SharedTicket {
    return (burst.shared = { ticket: makeTicketIn(path, owner, flock), users: 1 })
  }

  function giveBack(): void {
    const goesOn = bursts.get(key) === burst
    if (goesOn) burst.timer.refresh()
    if (--own.users > 0) return
    if (goesOn && own === burst.shared && isInRow(burst)) return own.ticket.unlock()
    forget()
    discard(own)
  }
}

function begin(key: string): Burst {
  if (bursts.size === 0) process.once('exit', endAll)
  const burst: Burst = { shared: undefined, count: 0, timer: setTimeout(end, LINGER, key).unref() }
  bursts.set(key, burst)
  return burst
}

function isInRow({ count }: Burst): boolean {
  return canBeKept && count >= MANY
}

function reuse(burst: Burst): SharedTicket | undefined {
  const { shared } = burst
  if (!shared || !canBeKept) return undefined
  if (isRenewed(shared)) {
    shared.users++
    return shared
  }
  burst.shared = undefined
  if (shared.users === 0) discard(shared)
  return undefined
}

function isRenewed({ ticket }: SharedTicket): boolean {
  try {
    return ticket.renew()
  } catch {
    // A disk that is full, for one: making another says what is wrong.
    return false
  }
}

function makeTicketIn(path: string, owner: string, flock: Flock | undefined): Ticket {
  try {
    return makeTicket(path, owner, flock)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return makeTicket(path, owner, flock)
  }
}

/** What is in use still is discarded by its last user. */
function end(key: string): void {
  const { shared, timer } = bursts.get(key)!
  clearTimeout(timer)
  bursts.delete(key)
  if (bursts.size === 0) process.off('exit', endAll)
  if (shared?.users === 0) discard(shared)
}

function endAll(): void {
  for (const key of bursts.keys()) end(key)
}

function discard({ ticket }: SharedTicket): void {
  try {
    ticket.discard()
  } catch {
    // A file that cannot be removed is removed by the next sweep.
  }
}
