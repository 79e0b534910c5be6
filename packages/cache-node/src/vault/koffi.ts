import { cacheError, systemCode } from '../cacheError.js'

/** A C function; `async` runs it on another thread and calls back. */
export interface NativeFunction {
  (...args: unknown[]): unknown
  async(...args: [...unknown[], (error: Error | null, result: unknown) => void]): void
}

/** An open library. */
export interface NativeLibrary {
  func(name: string, result: string, parameters: readonly unknown[]): NativeFunction
  func(convention: string, name: string, result: string, parameters: readonly unknown[]): NativeFunction
  symbol(name: string): unknown
}

/** What is used of koffi. */
export interface Koffi {
  load(path: string): NativeLibrary
  pointer(type: unknown): unknown
  out(type: unknown): unknown
  inout(type: unknown): unknown
  decode(value: unknown, offset: number, type: string, length?: number): unknown
  address(value: unknown): bigint
}

/**
 * Loads koffi, at the first call that needs it.
 *
 * @param purpose What needs it, in words that continue "Cannot use".
 * @returns koffi.
 * @throws {AuthError} `missing_dependency` where it is not installed or does not load.
 */
export async function loadKoffi(purpose: string): Promise<Koffi> {
  try {
    const module = (await import('koffi')) as unknown as { default: Koffi }
    return module.default
  } catch (error) {
    const absent = systemCode(error).endsWith('MODULE_NOT_FOUND')
    const why = absent ? 'is not installed; run "npm install koffi"' : 'does not load on this system'
    throw cacheError('library_missing', `Cannot use ${purpose}: the package koffi ${why}`, error)
  }
}

/** Kept for good: koffi closes a library that nobody refers to, and GLib's types do not survive being loaded twice. */
const libraries = /* @__PURE__ */ new Map<string, NativeLibrary>()

/**
 * Opens a library of the operating system.
 *
 * @param koffi What opens it.
 * @param path Its name or path.
 * @param purpose What needs it, in words that continue "Cannot use".
 * @param remedy What to do where it is missing.
 * @returns The library.
 * @throws {AuthError} `missing_dependency` where it is not there.
 */
export function openLibrary(koffi: Koffi, path: string, purpose: string, remedy: string): NativeLibrary {
  try {
    const library = libraries.get(path) ?? koffi.load(path)
    libraries.set(path, library)
    return library
  } catch (error) {
    throw cacheError('library_missing', `Cannot use ${purpose}: the library ${path} does not load; ${remedy}`, error)
  }
}

/**
 * Calls a C function on another thread: a vault may wait for a person.
 *
 * @param native The function.
 * @param args Its arguments.
 * @returns What it returns.
 */
export function callAsync(native: NativeFunction, ...args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    native.async(...args, (error, result) => (error ? reject(error) : resolve(result)))
  })
}
