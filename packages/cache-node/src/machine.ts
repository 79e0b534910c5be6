import { hostname } from 'node:os'
import process from 'node:process'
import { threadId } from 'node:worker_threads'
import type { Koffi } from './vault/koffi.js'
import { loadKoffi } from './vault/koffi.js'

/** What a store takes from the machine and its process, so that tests can stand in for another. */
export interface Machine {
  /** As `process.platform` names it. */
  readonly platform: NodeJS.Platform
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** This process. */
  readonly pid: number
  /** The thread in it. */
  readonly thread: number
  /** The machine's name. */
  readonly host: string
  /** The user whose files these are; absent where files have no such number. */
  readonly uid: number | undefined
  /** The time of day, in milliseconds since the epoch; may jump. */
  readonly now: () => number
  /** A clock that does not jump, in milliseconds. */
  readonly elapsed: () => number
  /** Waits, in milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Loads koffi; rejects with `missing_dependency` where it is not installed. */
  readonly koffi: (purpose: string) => Promise<Koffi>
  /** Where a native library is: its own name, unless a test says otherwise. */
  readonly library: (name: string) => string
}

/**
 * Describes this machine.
 *
 * @param overrides What is to be otherwise.
 * @returns The description.
 */
export function thisMachine(overrides: Partial<Machine> = {}): Machine {
  return {
    platform: process.platform,
    env: process.env,
    pid: process.pid,
    thread: threadId,
    host: hostname(),
    uid: process.geteuid?.(),
    now: Date.now,
    elapsed: () => performance.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    koffi: loadKoffi,
    library: (name) => name,
    ...overrides,
  }
}
