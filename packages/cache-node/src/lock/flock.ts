import type { Machine } from '../machine.js'
import { openLibrary } from '../vault/koffi.js'

const LOCK_EX = 2
const LOCK_NB = 4
const LOCK_UN = 8

/** The advisory lock of the operating system on an open file. */
export interface Flock {
  /** Takes it; `false` where somebody else has it. */
  lock(file: number): boolean
  /** Lets go of it. */
  unlock(file: number): void
}

const found = /* @__PURE__ */ new WeakMap<Machine, Promise<Flock | undefined>>()

/**
 * Finds `flock(2)`, which MSAL Python and MSAL .NET look at besides the lock file. Without it they respect our lock for 5 s only,
 * many times longer than a write takes.
 *
 * @param machine This machine.
 * @returns The calls; `undefined` on Windows, and where koffi is not installed.
 */
export function findFlock(machine: Machine): Promise<Flock | undefined> {
  const known = found.get(machine) ?? load(machine)
  found.set(machine, known)
  return known
}

async function load(machine: Machine): Promise<Flock | undefined> {
  if (machine.platform === 'win32') return undefined
  try {
    const koffi = await machine.koffi('flock')
    const library = machine.platform === 'darwin' ? '/usr/lib/libSystem.B.dylib' : 'libc.so.6'
    const call = openLibrary(koffi, machine.library(library), 'flock', '').func('flock', 'int', ['int', 'int'])
    return {
      lock: (file) => call(file, LOCK_EX | LOCK_NB) === 0,
      unlock: (file) => void call(file, LOCK_UN),
    }
  } catch {
    return undefined
  }
}
