import { release, version } from 'node:os'
import process from 'node:process'

/** What the broker takes from the machine, so that tests can stand in for another. */
export interface WindowsSystem {
  /** As `process.platform` names it. */
  readonly platform: NodeJS.Platform
  /** As `process.arch` names it. */
  readonly arch: string
  /** The kernel's version, such as `10.0.22631`. */
  readonly release: string
  /** The system's name, such as `Windows Server 2019 Datacenter`. */
  readonly version: string
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where a library of the system is: its own name, unless a test says otherwise. */
  readonly library: (name: string) => string
}

/**
 * Describes this machine.
 *
 * @param overrides What is to be otherwise.
 * @returns The description.
 */
export function thisSystem(overrides: Partial<WindowsSystem> = {}): WindowsSystem {
  return {
    platform: process.platform,
    arch: process.arch,
    release: release(),
    version: version(),
    env: process.env,
    library: (name) => name,
    ...overrides,
  }
}

/**
 * Tells whether this is Linux inside Windows.
 *
 * @param system The machine.
 * @returns Whether it is.
 */
export function isWsl({ platform, release }: WindowsSystem): boolean {
  return platform === 'linux' && /microsoft/i.test(release)
}
