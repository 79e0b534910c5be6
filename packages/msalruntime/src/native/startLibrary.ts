import { MsalRuntimeError } from '../MsalRuntimeError.js'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import { conventionsOf } from './bindExports.js'
import { leaveProcess } from './leaveProcess.js'
import type { NativeSystem } from './libraryFile.js'
import { loadKoffi, type FoundLibrary, type LoadedLibrary, type loadLibrary } from './loadLibrary.js'
import { nativeCalls, type Handle, type NativeCalls } from './nativeCalls.js'
import { operations, type Operations } from './operations.js'
import { startReceiver, type NativeLog, type Receiver } from './receiver.js'

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
 * How long the thread has to itself, in milliseconds: the system's loader lets no thread begin while it opens a library. With this the
 * two go on at the same time; without it, or where it is too short, one after the other.
 */
const headStart = 8

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
  const starting = startReceiver({ ...conventions, koffiPath: found.koffiPath, onLog: tell })
  const koffi = loadKoffi(found)
  if ('reason' in koffi) {
    await starting.then(
      (receiver) => receiver.end(),
      () => {},
    )
    return koffi
  }
  let receiver: Receiver
  let loaded: LoadedLibrary | MsalRuntimeProblem
  try {
    await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, headStart))])
    loaded = load(system, found)
    receiver = await starting
  } catch (cause) {
    return notStarted(cause)
  }
  if ('reason' in loaded) {
    await receiver.end()
    return loaded
  }
  const native = nativeCalls(loaded.exports, conventions.isWide)
  let logHandle: Handle | null = null
  let begun = false
  try {
    if (onLog) logs()
    begun = true
    // It asks the broker whether it is there, and waits for that.
    await native.callAsync('Startup')
  } catch (cause) {
    // What failed counts as started, too: without this, the next one would fail for good.
    await shutDown()
    return notStarted(cause)
  }
  const leaveAll = (): void => {
    for (const user of users.keys()) user.cancelAll()
    if (!receiver.waitForAll(patience)) leaveProcess(loaded.koffi, system.platform)
  }
  process.on('exit', leaveAll)
  return {
    native,
    join(log) {
      if (log) logs()
      const user = operations(native, receiver, log)
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
  function logs(): void {
    logHandle ??= native.get('RegisterLogCallback', receiver.log, null)
  }

  async function shutDown(): Promise<void> {
    if (begun) await native.callAsync('Shutdown')
    // It waits for lines on their way.
    if (logHandle) await native.callAsync('ReleaseLogCallbackHandle', logHandle)
    await receiver.end()
  }
}

function notStarted(cause: unknown): MsalRuntimeProblem {
  return {
    reason: 'start_failed',
    message: `MSALRuntime does not start: ${cause instanceof MsalRuntimeError ? cause.message : String(cause)}`,
    nextStep: 'check that the broker is installed and running',
    cause,
  }
}
