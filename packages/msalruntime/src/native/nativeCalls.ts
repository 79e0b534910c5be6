import { MsalRuntimeError, statusNames } from '../MsalRuntimeError.js'
import type { NativeExports, NativeFunction } from './bindExports.js'
import type { NativeName } from './exportTable.js'

/** An opaque handle of the library's. */
export type Handle = bigint

/** The library's functions, with errors thrown and texts read. Every error handle is released once it was read. */
export interface NativeCalls {
  readonly exports: NativeExports
  /** Calls a function that only may fail. */
  call(name: NativeName, ...args: unknown[]): void
  /** Calls it on another thread, where it may block. */
  callAsync(name: NativeName, ...args: unknown[]): Promise<void>
  /** Calls a function that writes a handle to its last parameter. */
  get(name: NativeName, ...args: unknown[]): Handle | null
  /** Calls a function that writes a number to its last parameter. */
  number(name: NativeName, handle: Handle): number | bigint
  /** Reads a text; `undefined` where there is none. */
  text(name: NativeName, handle: Handle): string | undefined
  /** Releases a handle. */
  release(name: NativeName, handle: Handle): void
  /** Turns an error handle into an error, and releases it. */
  takeError(error: Handle): MsalRuntimeError
}

const insufficientBuffer = statusNames.indexOf('InsufficientBuffer')
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Makes the library's functions throw, and read texts.
 *
 * @param exports The functions.
 * @param isWide Whether texts are UTF-16.
 * @returns The calls.
 */
export function nativeCalls(exports: NativeExports, isWide: boolean): NativeCalls {
  const check = (error: Handle | null): void => {
    if (error) throw takeError(error)
  }
  const call = (name: NativeName, ...args: unknown[]): void => check(exports[name](...args) as Handle | null)
  const read = <T>(name: NativeName, args: readonly unknown[], place: T[]): T => {
    call(name, ...args, place)
    return place[0]!
  }
  const get = (name: NativeName, ...args: unknown[]): Handle | null => read<Handle | null>(name, args, [null])
  const number = (name: NativeName, handle: Handle): number | bigint => read<number | bigint>(name, [handle], [0])

  function text(name: NativeName, handle: Handle): string | undefined {
    const size = [0]
    const error = exports[name](handle, null, size) as Handle | null
    if (error) {
      const status = [0]
      exports.GetStatus(error, status)
      if (status[0] !== insufficientBuffer) throw takeError(error)
      exports.ReleaseError(error)
    }
    const characters = Number(size[0]) - 1
    if (characters < 1) return undefined
    const width = isWide ? 2 : 1
    const buffer = Buffer.alloc((characters + 1) * width)
    call(name, handle, buffer, size)
    return buffer.toString(isWide ? 'utf16le' : 'utf8', 0, characters * width)
  }

  function takeError(error: Handle): MsalRuntimeError {
    try {
      const status = Number(number('GetStatus', error))
      const tag = Number(number('GetTag', error))
      return new MsalRuntimeError({
        status: statusNames[status] ?? 'Unexpected',
        errorCode: BigInt(number('GetErrorCode', error)),
        tag: [24, 18, 12, 6, 0].map((bits) => letters[(tag >>> bits) & 63] ?? '?').join(''),
        context: text('GetContext', error) ?? '',
      })
    } finally {
      exports.ReleaseError(error)
    }
  }

  return {
    exports,
    call,
    callAsync: async (name, ...args) => check((await onThread(exports[name], args)) as Handle | null),
    get,
    number,
    text,
    takeError,
    release(name, handle) {
      // Whatever it says, the handle is gone; null is no handle to release.
      const error = exports[name](handle) as Handle | null
      if (error) exports.ReleaseError(error)
    },
  }
}

function onThread(native: NativeFunction, args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    native.async(...args, (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result)))
  })
}
