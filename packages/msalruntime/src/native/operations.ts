import { cancelled } from '@latchkey/core/internal'
import type { MsalRuntimeCall } from '../MsalRuntime.js'
import { telemetryFields } from '../telemetryFields.js'
import type { NativeName } from './exportTable.js'
import type { Handle, NativeCalls } from './nativeCalls.js'
import type { NativeLog, Receiver } from './receiver.js'

/** By what releases a result, what says how the call went. */
const telemetryOf = {
  ReleaseAuthResult: 'GetTelemetryData',
  ReleaseReadAccountResult: 'GetReadAccountTelemetryData',
  ReleaseDiscoverAccountsResult: 'GetDiscoverAccountsTelemetryData',
  ReleaseSignOutResult: 'GetSignOutTelemetryData',
} as const
/** As the library numbers it. */
const DEBUG = 2

/** One operation of the library. */
export interface Operation<T> {
  /** What starts it. */
  readonly name: NativeName
  /** Its arguments before the callback. */
  readonly args: readonly unknown[]
  /** Copies out of the result what is wanted. */
  readonly read: (result: Handle) => T
  /** Releases what was read where nobody waits for it any more. */
  readonly drop?: ((value: T) => void) | undefined
  /** What releases the result. */
  readonly release: keyof typeof telemetryOf
  readonly call: MsalRuntimeCall
}

/** The operations of an open library. */
export interface Operations {
  /** Runs one. */
  run<T>(operation: Operation<T>): Promise<T>
  /** Counts what is more than one operation as one: it is running until all of it has ended. */
  asOne<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when none is running, those that nobody waits for included. */
  whenIdle(): Promise<void>
  /** Tells the library to end what is running, without waiting for it. */
  cancelAll(): void
}

interface Running {
  readonly handle: Handle
  /** A cancellation on its way: the handle is not to be released before. */
  cancelling: Promise<unknown>
}

/**
 * Makes the operations of an open library.
 *
 * @param native The library.
 * @param receiver What it calls back.
 * @param log Is told how each operation went.
 * @returns The operations.
 */
export function operations(native: NativeCalls, receiver: Receiver, log?: NativeLog): Operations {
  const running = new Map<number, Running>()
  let [whole, idle]: [number, (() => void)[]] = [0, []]
  const isIdle = (): boolean => running.size === 0 && whole === 0
  const ended = (): void => {
    if (isIdle()) for (const resolve of idle.splice(0)) resolve()
  }

  const giveBack = (release: NativeName) => (result: Handle) => native.release(release, result)
  const tell = (release: keyof typeof telemetryOf, result: Handle): void => {
    try {
      const fields = log && telemetryFields(native.text(telemetryOf[release], result))
      if (fields) log(DEBUG, `telemetry ${JSON.stringify(fields)}`)
    } catch {
      // A log is no reason for an operation to fail.
    }
  }
  const cancel = (operation: Running): void => {
    // It may block until the operation has ended. What comes too late is refused.
    operation.cancelling = native.callAsync('CancelAsyncOperation', operation.handle).catch(() => {})
  }
  const finish = async (id: number, operation: Running): Promise<void> => {
    await operation.cancelling
    native.release('ReleaseAsyncHandle', operation.handle)
    running.delete(id)
    ended()
  }

  return {
    async run({ name, args, read, drop, release, call: { signal } }) {
      if (signal?.aborted) throw cancelled(signal)
      const place: (Handle | null)[] = [null]
      let take!: (result: Handle) => void
      const result = new Promise<Handle>((resolve) => (take = resolve))
      const { id, forget } = receiver.expect(take, giveBack(release))
      try {
        native.call(name, ...args, receiver.completion, BigInt(id), place)
      } catch (error) {
        forget()
        throw error
      }
      const operation: Running = { handle: place[0]!, cancelling: Promise.resolve() }
      running.set(id, operation)
      receiver.hold(1)
      return new Promise((resolve, reject) => {
        let waits = true
        const leave = (): void => {
          if (waits) receiver.hold(-1)
          waits = false
          signal?.removeEventListener('abort', stop)
        }
        const stop = (): void => {
          leave()
          reject(cancelled(signal!))
          cancel(operation)
        }
        signal?.addEventListener('abort', stop)
        const end = async (handle: Handle): Promise<void> => {
          try {
            const value = read(handle)
            if (waits) resolve(value)
            else drop?.(value)
          } catch (error) {
            reject(error)
          } finally {
            tell(release, handle)
            native.release(release, handle)
            leave()
            await finish(id, operation)
          }
        }
        void result.then(end)
      })
    },
    async asOne(work) {
      whole++
      try {
        return await work()
      } finally {
        whole--
        ended()
      }
    },
    whenIdle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    cancelAll() {
      for (const operation of running.values()) cancel(operation)
    },
  }
}
