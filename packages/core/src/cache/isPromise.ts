/**
 * Tells whether a value has to be awaited: the memory store answers at once, and a hit then costs no turn of the event loop.
 *
 * @param value What a store or a resolver gave.
 * @returns Whether it is a promise.
 */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === 'function'
}
