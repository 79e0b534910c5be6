import type { LibraryHandle, TypeObject } from 'koffi'
import type * as Koffi from 'koffi'
import { exportTable, macExportTable, type MacName, type NativeName, type NativeSignature } from './exportTable.js'

/** A function, as koffi makes it. */
export type NativeFunction = ReturnType<LibraryHandle['func']>

/** The library's functions by name, as koffi makes them. */
export type NativeExports = Readonly<Record<NativeName, NativeFunction>> &
  Readonly<Partial<Record<MacName, NativeFunction>>>

type NativeTable = Readonly<Record<NativeName, NativeSignature>> & Readonly<Partial<Record<MacName, NativeSignature>>>

/** How a system passes arguments and writes texts. */
export interface NativeConventions {
  /** Windows has UTF-16, the others UTF-8. */
  readonly isWide: boolean
  /** As koffi names it. */
  readonly call: '__cdecl' | '__stdcall'
}

/**
 * Tells how a system passes arguments and writes texts.
 *
 * @param platform As `process.platform` has it.
 * @param arch As `process.arch` has it.
 * @returns The conventions.
 */
export function conventionsOf(platform: string, arch: string): NativeConventions {
  const isWide = platform === 'win32'
  return { isWide, call: isWide && arch === 'ia32' ? '__stdcall' : '__cdecl' }
}

/**
 * Makes the functions of a table callable, each when it is first used: koffi takes its time for every one. All types are anonymous:
 * koffi's named ones are there once for the whole process.
 *
 * @param koffi What makes them.
 * @param library The open library.
 * @param conventions The system's.
 * @param table Which functions.
 * @returns The functions.
 * @throws {Error} koffi's own, where one is missing.
 */
function bindTable(
  koffi: typeof Koffi,
  library: LibraryHandle,
  { isWide, call }: NativeConventions,
  table: NativeTable,
): NativeExports {
  const values: Record<string, string> = {
    ...{ void: 'void', int32: 'int32_t', int64: 'int64_t', bool: 'int32_t' },
    ...{ text: isWide ? 'str16' : 'str', window: isWide ? 'void *' : 'int64_t' },
  }
  const typeOf = (name: string): string => values[name] ?? 'void *'
  const parameter = (name: string) =>
    name === '&Size'
      ? koffi.inout(koffi.pointer('int32_t'))
      : name.startsWith('&')
        ? koffi.out(koffi.pointer(typeOf(name.slice(1))))
        : typeOf(name)
  const functions = {} as NativeExports
  for (const [name, [result, ...parameters]] of Object.entries<NativeSignature>(table)) {
    const symbol = `MSALRUNTIME_${name}`
    library.symbol(symbol)
    const bind = (): NativeFunction =>
      library.func(call, symbol, typeOf(result), parameters.map(parameter) as unknown as TypeObject[])
    let bound: NativeFunction | undefined
    Object.defineProperty(functions, name, { enumerable: true, get: () => (bound ??= bind()) })
  }
  return functions
}

/**
 * Makes all functions of MSALRuntime callable.
 *
 * @param koffi What makes them.
 * @param library The open library.
 * @param platform As `process.platform` has it.
 * @param arch As `process.arch` has it.
 * @returns The functions.
 * @throws {Error} koffi's own, where one is missing.
 */
export function bindExports(
  koffi: typeof Koffi,
  library: LibraryHandle,
  platform: string,
  arch: string,
): NativeExports {
  const table: NativeTable = { ...exportTable, ...(platform === 'darwin' && macExportTable) }
  return bindTable(koffi, library, conventionsOf(platform, arch), table)
}
