import type { MsalRuntime } from './MsalRuntime.js'

/** What {@link createMsalRuntime} takes. */
export interface MsalRuntimeOptions {
  /** The path of the native library. Default: the one for this system in the package `@azure/msal-node-runtime`. */
  readonly libraryPath?: string | undefined
  /** Is told what the library logs; what concerns people is `(pii)` in it. Default: nobody. */
  readonly onLog?: ((level: MsalRuntimeLogLevel, message: string) => void) | undefined
}

/** How much a line of the library's log matters. */
export type MsalRuntimeLogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal'

/**
 * Makes MSALRuntime usable with promises and plain objects. Nothing is loaded before the first `start()`.
 *
 * @param options Where the library is.
 * @returns The library.
 * @throws {TypeError} when an option is wrong.
 */
export function createMsalRuntime(options: MsalRuntimeOptions = {}): MsalRuntime {
  throw new Error(`not yet: ${options.libraryPath}`)
}
