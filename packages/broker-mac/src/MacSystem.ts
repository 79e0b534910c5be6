import { existsSync } from 'node:fs'
import { release } from 'node:os'
import process from 'node:process'
import { isMainThread } from 'node:worker_threads'

/** What the broker takes from the machine, so that tests can stand in for another. */
export interface MacSystem {
  /** As `process.platform` names it. */
  readonly platform: NodeJS.Platform
  /** The kernel's version: 21 is macOS 12. */
  readonly release: string
  /** Whether this is the program's main thread, the only one that may show windows. */
  readonly isMainThread: boolean
  /** Whether there is such a file. */
  readonly exists: (path: string) => boolean
  /** Where a library of the system is: its own name, unless a test says otherwise. */
  readonly library: (name: string) => string
}

/**
 * Describes this machine.
 *
 * @param overrides What is to be otherwise.
 * @returns The description.
 */
export function thisSystem(overrides: Partial<MacSystem> = {}): MacSystem {
  return {
    platform: process.platform,
    release: release(),
    isMainThread,
    exists: existsSync,
    library: (name) => name,
    ...overrides,
  }
}
