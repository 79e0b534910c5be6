import { expect, isText } from '@latchkey/core/internal'
import type { MsalRuntime } from './MsalRuntime.js'
import type { MsalRuntimeProblem } from './MsalRuntimeProblem.js'
import { findLibrary, loadLibrary, thisSystem } from './native/loadLibrary.js'
import type { NativeSystem } from './native/libraryFile.js'
import { openSession, type Session } from './native/openSession.js'
import { sessionCalls } from './native/sessionCalls.js'
import { takeTurns } from './native/takeTurns.js'

/** What {@link createMsalRuntime} takes. */
export interface MsalRuntimeOptions {
  /** The path of the native library. Default: the one for this system in the package `@azure/msal-node-runtime`. */
  readonly libraryPath?: string | undefined
  /** Is told what the library logs; what concerns people is `(pii)` in it. Default: nobody. */
  readonly onLog?: ((level: MsalRuntimeLogLevel, message: string) => void) | undefined
}

/** How much a line of the library's log matters. */
export type MsalRuntimeLogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal'

const levels: readonly MsalRuntimeLogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal']

/**
 * Makes MSALRuntime usable with promises and plain objects. Nothing is loaded before the first `start()`.
 *
 * @param options Where the library is.
 * @returns The library.
 * @throws {TypeError} when an option is wrong.
 */
export function createMsalRuntime(options: MsalRuntimeOptions = {}): MsalRuntime {
  return msalRuntimeOn(thisSystem, loadLibrary, options)
}

/**
 * Makes it for a system.
 *
 * @param describe Describes the system.
 * @param load Opens the library.
 * @param options As {@link createMsalRuntime} takes them.
 * @returns The library.
 * @throws {TypeError} when an option is wrong.
 */
export function msalRuntimeOn(
  describe: () => NativeSystem,
  load: typeof loadLibrary,
  { libraryPath, onLog }: MsalRuntimeOptions,
): MsalRuntime {
  expect(libraryPath === undefined || isText(libraryPath), 'libraryPath', 'a non-empty string')
  expect(onLog === undefined || typeof onLog === 'function', 'onLog', 'a function')
  let session: Session | undefined
  let uses = 0
  const inTurn = takeTurns()
  const log = onLog && ((level: number, message: string): void => onLog(levels[level - 1] ?? 'info', message))
  const open = async (): Promise<MsalRuntimeProblem | undefined> => {
    if (!session) {
      const system = describe()
      const found = findLibrary(system, libraryPath)
      if ('reason' in found) return found
      const opened = await openSession(system, found, load, log)
      if ('reason' in opened) return opened
      session = opened
    }
    uses++
    return undefined
  }
  const close = async (): Promise<void> => {
    if (uses === 0 || --uses > 0) return
    const ending = session
    session = undefined
    await ending?.end()
  }
  return {
    start: () => inTurn(open),
    stop: () => inTurn(close),
    ...sessionCalls(() => {
      expect(session, 'MSALRuntime', 'start() first')
      return session
    }),
  }
}
