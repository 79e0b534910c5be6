import { MsalRuntimeError } from '../MsalRuntimeError.js'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import { conventionsOf } from './bindExports.js'
import { leaveProcess } from './leaveProcess.js'
import type { NativeSystem } from './libraryFile.js'
import type { FoundLibrary, loadLibrary } from './loadLibrary.js'
import { nativeCalls, type Handle, type NativeCalls } from './nativeCalls.js'
import { operations, type Operations } from './operations.js'
import { startReceiver, type Receiver } from './receiver.js'

/** Is told a line of the library's log. */
export type NativeLog = (level: number, message: string) => void

/** A library that was started. */
export interface StartedLibrary {
  readonly native: NativeCalls
  /** Adds a user, with operations of its own. */
  join(onLog: NativeLog | undefined): Operations
  /** Takes a user away, whose operations have ended; says whether it was the last one. */
  leave(operations: Operations): boolean
  /** Shuts the library down. */
  end(): Promise<void>
}

/** How long a process that ends waits for the library, in milliseconds. */
const patience = 5000

/**
 * Loads the library and starts it.
 *
 * @param system Which system.
 * @param found The library.
 * @param load Opens it.
 * @param onLog Is told what it logs before anybody has joined.
 * @returns The library, or why it cannot be used.
 */
export async function startLibrary(
  system: NativeSystem,
  found: FoundLibrary,
  load: typeof loadLibrary,
  onLog: NativeLog | undefined,
): Promise<StartedLibrary | MsalRuntimeProblem> {
  const conventions = conventionsOf(system.platform, system.arch)
  const users = new Map<Operations, NativeLog | undefined>()
  const tell: NativeLog = (...line) => (users.size > 0 ? users.forEach((log) => log?.(...line)) : onLog?.(...line))
  // The thread starts while this one is busy with loading the library.
  const starting = startReceiver({ ...conventions, koffiPath: found.koffiPath, onLog: tell })
  const loaded = load(system, found)
  if ('reason' in loaded) {
    await starting.then((receiver) => receiver.end()).catch(() => {})
    return loaded
  }
  const native = nativeCalls(loaded.exports, conventions.isWide)
  let logHandle: Handle | null = null
  let begun = false
  const begin = async (): Promise<void> => {
    if (onLog) logs(await starting)
    begun = true
    // It asks the broker whether it is there, and waits for that.
    await native.callAsync('Startup')
  }
  const [{ reason: failure }, receiving] = (await Promise.allSettled([begin(), starting])) as [
    { reason?: unknown },
    PromiseSettledResult<Receiver>,
  ]
  const receiver = receiving.status === 'fulfilled' ? receiving.value : undefined
  if (failure || !receiver) {
    // What failed counts as started, too: without this, the next one would fail for good.
    await shutDown()
    const cause = failure ?? (receiving as PromiseRejectedResult).reason
    return {
      reason: 'start_failed',
      message: `MSALRuntime does not start: ${cause instanceof MsalRuntimeError ? cause.message : String(cause)}`,
      nextStep: 'check that the broker is installed and running',
      cause,
    }
  }
  const leaveAll = (): void => {
    for (const user of users.keys()) user.cancelAll()
    if (!receiver.waitForAll(patience)) leaveProcess(loaded.koffi, system.platform)
  }
  process.on('exit', leaveAll)
  return {
    native,
    join(log) {
      if (log) logs(receiver)
      const user = operations(native, receiver)
      users.set(user, log)
      return user
    },
    leave: (user) => users.delete(user) && users.size === 0,
    async end() {
      process.off('exit', leaveAll)
      await shutDown()
    },
  }

  /** The log is asked for once, and until the end. */
  function logs({ log }: Receiver): void {
    logHandle ??= native.get('RegisterLogCallback', log, null)
  }

  async function shutDown(): Promise<void> {
    if (begun) await native.callAsync('Shutdown')
    // It waits for lines on their way.
    if (logHandle) await native.callAsync('ReleaseLogCallbackHandle', logHandle)
    await receiver?.end()
  }
}
