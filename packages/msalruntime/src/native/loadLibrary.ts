import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as Koffi from 'koffi'
import type { MsalRuntimeProblem } from '../MsalRuntimeProblem.js'
import { bindExports, type NativeExports } from './bindExports.js'
import { libraryFile, type NativeSystem } from './libraryFile.js'
import { loadProblem } from './loadProblem.js'

/** A library that is there. */
export interface FoundLibrary {
  readonly path: string
  /** Where koffi is, which opens it: on this thread and on the one that is called back. */
  readonly koffiPath: string
}

/** The open library. */
export interface LoadedLibrary extends FoundLibrary {
  readonly koffi: typeof Koffi
  readonly exports: NativeExports
}

/** Kept for good: koffi closes a library that nobody refers to. */
const libraries = /* @__PURE__ */ new Map<string, Koffi.LibraryHandle>()

/**
 * Finds MSALRuntime, and what opens it; opens neither.
 *
 * @param system Which system.
 * @param libraryPath Where the library is; in the package `@azure/msal-node-runtime` where undefined.
 * @returns Where it is, or why there is none.
 */
export function findLibrary(system: NativeSystem, libraryPath?: string): FoundLibrary | MsalRuntimeProblem {
  const require = createRequire(import.meta.url)
  const file = libraryPath ? '' : libraryFile(system)
  if (typeof file !== 'string') return file
  let koffiPath: string
  try {
    koffiPath = require.resolve('koffi')
  } catch (cause) {
    return missing('koffi', cause)
  }
  let path: string
  try {
    path = libraryPath ?? join(dirname(require.resolve('@azure/msal-node-runtime/package.json')), 'dist', file)
  } catch (cause) {
    return missing('@azure/msal-node-runtime', cause)
  }
  if (!existsSync(path)) {
    const message = `the library ${path} is not there`
    return { reason: 'library_missing', message, nextStep: 'check the path, or install @azure/msal-node-runtime again' }
  }
  return { path, koffiPath }
}

/**
 * Opens MSALRuntime.
 *
 * @param system Which system.
 * @param found What was found there.
 * @returns The library, or why it does not open.
 */
export function loadLibrary(system: NativeSystem, found: FoundLibrary): LoadedLibrary | MsalRuntimeProblem {
  const { path } = found
  const koffi = loadKoffi(found)
  if ('reason' in koffi) return koffi
  try {
    const library = libraries.get(path) ?? koffi.load(path)
    libraries.set(path, library)
    return { ...found, koffi, exports: bindExports(koffi, library, system.platform, system.arch) }
  } catch (cause) {
    return loadProblem(path, cause, system)
  }
}

/**
 * Loads what opens the library.
 *
 * @param found Where it is.
 * @returns It, or why it does not load.
 */
export function loadKoffi({ koffiPath }: FoundLibrary): typeof Koffi | MsalRuntimeProblem {
  try {
    return createRequire(koffiPath)(koffiPath) as typeof Koffi
  } catch (cause) {
    return missing('koffi', cause)
  }
}

/**
 * Describes this system.
 *
 * @returns The description.
 */
export function thisSystem(): NativeSystem {
  const { platform, arch } = process
  try {
    return { platform, arch, osRelease: platform === 'linux' ? readFileSync('/etc/os-release', 'utf8') : '' }
  } catch {
    return { platform, arch, osRelease: '' }
  }
}

function missing(name: string, cause: unknown): MsalRuntimeProblem {
  const isAbsent = /MODULE_NOT_FOUND/.test(String((cause as NodeJS.ErrnoException)?.code))
  return {
    reason: 'package_missing',
    message: `the package ${name} ${isAbsent ? 'is not installed' : 'does not load'}`,
    nextStep: `run "npm install ${name}"`,
    cause,
  }
}
