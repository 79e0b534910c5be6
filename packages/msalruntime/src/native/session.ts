import { MsalRuntimeError } from '../MsalRuntimeError.js'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import { conventionsOf } from './bindExports.js'
import { leaveProcess } from './leaveProcess.js'
import type { NativeSystem } from './libraryFile.js'
import type { LoadedLibrary } from './loadLibrary.js'
import { nativeCalls, type Handle, type NativeCalls } from './nativeCalls.js'
import { operations, type Operations } from './operations.js'
import { startReceiver, type Receiver } from './receiver.js'

/** A library that was started. */
export interface Session {
  readonly native: NativeCalls
  readonly operations: Operations
  /** Waits for what is running, and shuts the library down. */
  end(): Promise<void>
}

/** How long a process that ends waits for the library, in milliseconds. */
const patience = 5000

/**
 * Starts the library.
 *
 * @param loaded The library.
 * @param system Which system.
 * @param onLog Is told what it logs.
 * @returns The session, or why there is none.
 */
export async function startSession(
  loaded: LoadedLibrary,
  system: NativeSystem,
  onLog: ((level: number, message: string) => void) | undefined,
): Promise<Session | MsalRuntimeProblem> {
  const conventions = conventionsOf(system.platform, system.arch)
  const native = nativeCalls(loaded.exports, conventions.isWide)
  let receiver: Receiver | undefined
  let logHandle: Handle | null = null
  try {
    receiver = await startReceiver({ ...conventions, koffiPath: loaded.koffiPath, onLog })
    if (onLog) logHandle = native.get('RegisterLogCallback', receiver.log, null)
    // It asks the broker whether it is there, and waits for that.
    await native.callAsync('Startup')
  } catch (cause) {
    // What failed counts as started, too: without this, the next one would fail for good.
    if (cause instanceof MsalRuntimeError) await shutDown()
    return {
      reason: 'start_failed',
      message: `MSALRuntime does not start: ${cause instanceof MsalRuntimeError ? cause.message : String(cause)}`,
      nextStep: 'check that the broker is installed and running',
      cause,
    }
  }
  const running = operations(native, receiver)
  const leave = (): void => {
    if (!running.endAll(patience)) leaveProcess(loaded.koffi, system.platform)
  }
  process.on('exit', leave)
  return {
    native,
    operations: running,
    async end() {
      await running.whenIdle()
      process.off('exit', leave)
      await shutDown()
    },
  }

  async function shutDown(): Promise<void> {
    await native.callAsync('Shutdown')
    // It waits for lines on their way.
    if (logHandle) await native.callAsync('ReleaseLogCallbackHandle', logHandle)
    await receiver?.end()
  }
}
