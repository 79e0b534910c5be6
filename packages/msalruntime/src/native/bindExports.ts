import type { LibraryHandle, TypeObject } from 'koffi'
import type * as Koffi from 'koffi'
import { exportTable, macExportTable, type MacName, type NativeName, type NativeSignature } from './exportTable.js'

/** A function, as koffi makes it. */
export type NativeFunction = ReturnType<LibraryHandle['func']>

/** The library's functions by name, as koffi makes them. */
export type NativeExports = Readonly<Record<NativeName, NativeFunction>> &
  Readonly<Partial<Record<MacName, NativeFunction>>>

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
 * Makes the functions of a table callable. All types are anonymous: koffi's named ones are there once for the whole process.
 *
 * @param koffi What makes them.
 * @param library The open library.
 * @param conventions The system's.
 * @param table Which functions.
 * @returns The functions.
 */
export function bindTable<Name extends string>(
  koffi: typeof Koffi,
  library: LibraryHandle,
  { isWide, call }: NativeConventions,
  table: Readonly<Record<Name, NativeSignature>>,
): Record<Name, NativeFunction> {
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
  const bind = ([name, [result, ...parameters]]: [string, NativeSignature]) => [
    name,
    library.func(call, `MSALRUNTIME_${name}`, typeOf(result), parameters.map(parameter) as unknown as TypeObject[]),
  ]
  return Object.fromEntries(Object.entries<NativeSignature>(table).map(bind)) as Record<Name, NativeFunction>
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
  const conventions = conventionsOf(platform, arch)
  return {
    ...bindTable(koffi, library, conventions, exportTable),
    ...(platform === 'darwin' && bindTable(koffi, library, conventions, macExportTable)),
  }
}
