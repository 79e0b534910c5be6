import { loadLibrary, type FoundLibrary } from '../src/native/loadLibrary.js'
import type { NativeExports } from '../src/native/bindExports.js'
import { exportTable, type NativeName } from '../src/native/exportTable.js'
import type { NativeSystem } from '../src/native/libraryFile.js'

/** What the callback of an operation that began gives, once. */
const results: readonly (readonly [RegExp, string])[] = [
  [/^(SignIn|AcquireToken)\w*Async$/, 'AuthResult'],
  [/^ReadAccount\w*Async$/, 'ReadAccountResult'],
  [/^DiscoverAccounts\w*Async$/, 'DiscoverAccountsResult'],
  [/^SignOut\w*Async$/, 'SignOutResult'],
]

/** Opens the library so that what it gives and what is released can be counted: by the table, not by who calls. */
export function countHandles() {
  const counts: Record<string, number> = {}
  const count = (kind: string, change: number): void => void (counts[kind] = (counts[kind] ?? 0) + change)
  const counted = (name: NativeName, native: NativeExports[NativeName]) => {
    const [result, ...parameters] = exportTable[name]
    const before = (args: unknown[]): void => {
      const [kind] = parameters
      if (name.startsWith('Release') && args[0]) count(kind!, -1)
    }
    const after = (args: unknown[], returned: unknown): void => {
      if (result === 'Error' && returned) count('Error', 1)
      else {
        const [, given] = results.find(([operation]) => operation.test(name)) ?? []
        if (given) count(given, 1)
        parameters.forEach((type, index) => {
          const kind = type.slice(1)
          const isHandle = type.startsWith('&') && !/^(Size|int32|int64|bool)$/.test(kind)
          if (isHandle && (args[index] as unknown[])[0]) count(kind, 1)
        })
      }
    }
    const call = (...args: unknown[]): unknown => {
      before(args)
      const returned: unknown = native(...args)
      after(args, returned)
      return returned
    }
    const onThread = (...all: unknown[]): void => {
      const args = all.slice(0, -1)
      const done = all.at(-1) as (error: unknown, returned: unknown) => void
      before(args)
      native.async(...args, (error: unknown, returned: unknown) => {
        after(args, returned)
        done(error, returned)
      })
    }
    return Object.assign(call, { async: onThread, info: native.info })
  }
  return {
    /** By kind, what was given and not released; of results, what operations that began will give. */
    counts,
    load(system: NativeSystem, found: FoundLibrary) {
      const loaded = loadLibrary(system, found)
      if ('reason' in loaded) return loaded
      const exports = Object.fromEntries(
        Object.entries(loaded.exports).map(([name, native]) => [name, counted(name as NativeName, native)]),
      )
      return { ...loaded, exports: exports as unknown as NativeExports }
    },
  }
}
