import { existsSync } from 'node:fs'
import { release } from 'node:os'
import process from 'node:process'

/** What the broker takes from the machine, so that tests can stand in for another. */
export interface LinuxSystem {
  /** As `process.platform` names it. */
  readonly platform: NodeJS.Platform
  /** As `process.arch` names it. */
  readonly arch: string
  /** The kernel's version; WSL's names Microsoft. */
  readonly release: string
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
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
export function thisSystem(overrides: Partial<LinuxSystem> = {}): LinuxSystem {
  return {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    env: process.env,
    exists: existsSync,
    library: (name) => name,
    ...overrides,
  }
}
