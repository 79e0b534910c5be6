import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'

/** The stand-in's kinds of handles, by number; -1 counts them all. */
export const HANDLES = {
  all: -1,
  parameters: 0,
  result: 1,
  readAccount: 2,
  discovered: 3,
  signedOut: 4,
  account: 5,
  error: 6,
  async: 7,
  log: 8,
} as const

/**
 * Steers the stand-in. Settings:
 * - `callback`: `twice`, `again` with the same result, `never`, `inline` on the calling thread, `late` until `release`, `pump` until the
 *   run loop ran, `window` until it handed on an event
 * - `status`: a number that operations for tokens end with, `otherStatus`: the others; `refuse`: one that they do not begin with;
 *   `startup`: one that Startup fails with
 * - `context`, `tag`, `errorCode`; `accessToken`, `grantedScopes`, `expiresOn` (seconds), `telemetry`, `environment`; `password`
 * - `cancel`: `ignored`
 * - `application`: `running`, or anything else for one that is not; `consoleWindow`, `ancestor`, `desktopWindow`; `display`: `none`,
 *   `rootWindow`
 */
export interface StandIn {
  /** Path of the library. */
  readonly path: string
  set(name: string, value: string | number | null): void
  /** What an operation was last told: `clientId`, `scopes`, `pop`, `extra NAME`, `window`, `hint`, `operation` and so on. */
  told(name: string): string | null
  /** How often a function was called. */
  count(name: string): number
  /** Handles that were given and not given back. */
  live(kind?: keyof typeof HANDLES): number
  /** Wrong uses: handles released twice, what blocks called on the main thread, operations before Startup. */
  misuses(): { amount: number; last: string | null }
  addAccount(username: string, localAccountId: string, realm: string): void
  /** Lets operations end that are late. */
  release(): void
  /** How many callbacks are still to come. */
  pending(): number
  /** How many more calls of Startup than of Shutdown there were. */
  started(): number
  /** Forgets settings, accounts, counts and wrong uses; not what is live. */
  reset(): void
}

/**
 * Says why the stand-in cannot be built here.
 *
 * @returns The reason and the remedy; nothing where it can.
 */
export function missingCompiler(): string | undefined {
  if (process.platform !== 'linux') return 'the library that stands in for MSALRuntime is built on Linux'
  return compiler() ? undefined : 'a C compiler is missing: apt-get install gcc libc6-dev'
}

/**
 * Builds and opens it. Each has its own state, so a test file builds its own.
 *
 * @param options `wide: true` for the text and windows of Windows; `without` leaves functions out.
 * @returns How to steer and how to remove it.
 */
export function buildStandIn(options: { wide?: boolean; without?: string[] } = {}): StandIn & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-standin-'))
  const path = join(folder, 'libmsalruntime.so')
  const renamed = (options.without ?? []).map((name) => `-DMSALRUNTIME_${name}=removed_${name}`)
  const flags = [
    '-shared',
    '-fPIC',
    '-O1',
    '-D_GNU_SOURCE',
    '-std=gnu17',
    ...(options.wide ? ['-DWIDE'] : []),
    ...renamed,
  ]
  const sources = globSync('*.c', { cwd: join(import.meta.dirname, 'standin') }).toSorted()
  const files = sources.map((name) => join(import.meta.dirname, 'standin', name))
  const { status, stderr } = spawnSync(compiler()!, [...flags, '-o', path, ...files, '-lpthread'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return { ...openStandIn(path), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function openStandIn(path: string): StandIn {
  const library = koffi.load(path)
  const call = (name: string, result: string, parameters: string[] = []) =>
    library.func(`STANDIN_${name}`, result, parameters) as (...args: unknown[]) => unknown
  const set = call('Set', 'void', ['str', 'str'])
  const told = call('Told', 'str', ['str'])
  const count = call('Count', 'int32', ['str'])
  const live = call('Live', 'int32', ['int32'])
  const misuses = call('Misuses', 'int32')
  const lastMisuse = call('LastMisuse', 'str')
  const addAccount = call('AddAccount', 'void', ['str', 'str', 'str'])
  const release = call('Release', 'void')
  const pending = call('Pending', 'int32')
  const started = call('Started', 'int32')
  const forget = ['Settings', 'Accounts', 'Misuses'].map((what) => call(`Forget${what}`, 'void'))
  return {
    path,
    set: (name, value) => void set(name, value === null ? null : String(value)),
    told: (name) => told(name) as string | null,
    count: (name) => count(name) as number,
    live: (kind = 'all') => live(HANDLES[kind]) as number,
    misuses: () => ({ amount: misuses() as number, last: lastMisuse() as string | null }),
    addAccount: (...account) => void addAccount(...account),
    release: () => void release(),
    pending: () => pending() as number,
    started: () => started() as number,
    reset: () => forget.forEach((one) => one()),
  }
}

const compiler = (): string | undefined =>
  ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)
