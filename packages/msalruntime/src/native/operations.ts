import { cancelled } from '@latchkey/core/internal'
import type { MsalRuntimeCall } from '../MsalRuntime.js'
import type { NativeName } from './exportTable.js'
import type { Handle, NativeCalls } from './nativeCalls.js'
import type { Receiver } from './receiver.js'

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
  readonly release: NativeName
  readonly call: MsalRuntimeCall
}

/** The operations of an open library. */
export interface Operations {
  /** Runs one. */
  run<T>(operation: Operation<T>): Promise<T>
  /** Resolves when none is running, those that nobody waits for included. */
  whenIdle(): Promise<void>
  /** Ends what is running, as far as that goes, while the process ends; says whether all has ended. */
  endAll(milliseconds: number): boolean
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
 * @returns The operations.
 */
export function operations(native: NativeCalls, receiver: Receiver): Operations {
  const running = new Map<number, Running>()
  let lastId = 0
  let held = 0
  let idle: (() => void)[] = []

  const hold = (change: 1 | -1): void => {
    held += change
    receiver.hold(held > 0)
  }
  const cancel = (operation: Running): void => {
    // It may block until the operation has ended. What comes too late is refused.
    operation.cancelling = native.callAsync('CancelAsyncOperation', operation.handle).catch(() => {})
  }
  const finish = async (id: number, operation: Running): Promise<void> => {
    await operation.cancelling
    native.release('ReleaseAsyncHandle', operation.handle)
    running.delete(id)
    if (running.size === 0) for (const resolve of idle.splice(0)) resolve()
  }

  return {
    async run({ name, args, read, drop, release, call: { signal } }) {
      if (signal?.aborted) throw cancelled(signal)
      const id = ++lastId
      const place: (Handle | null)[] = [null]
      let take!: (result: Handle) => void
      const result = new Promise<Handle>((resolve) => (take = resolve))
      const forget = receiver.expect(id, take)
      try {
        native.call(name, ...args, receiver.completion, BigInt(id), place)
      } catch (error) {
        forget()
        throw error
      }
      const operation: Running = { handle: place[0]!, cancelling: Promise.resolve() }
      running.set(id, operation)
      hold(1)
      return new Promise((resolve, reject) => {
        let waits = true
        const leave = (): void => {
          if (waits) hold(-1)
          waits = false
          signal?.removeEventListener('abort', stop)
        }
        const stop = (): void => {
          leave()
          reject(cancelled(signal!))
          cancel(operation)
        }
        signal?.addEventListener('abort', stop)
        const settle = async (handle: Handle): Promise<void> => {
          try {
            const value = read(handle)
            if (waits) resolve(value)
            else drop?.(value)
          } catch (error) {
            reject(error)
          } finally {
            native.release(release, handle)
            leave()
            await finish(id, operation)
          }
        }
        void result.then(settle)
      })
    },
    whenIdle: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    endAll(milliseconds) {
      for (const operation of running.values()) cancel(operation)
      return receiver.waitForAll(milliseconds)
    },
  }
}
