import type { Machine } from '../machine.js'
import { openLibrary } from '../vault/koffi.js'
import type { Flock } from './exclusiveFile.js'

const LOCK_EX = 2
const LOCK_NB = 4

const found = /* @__PURE__ */ new WeakMap<Machine, Promise<Flock | undefined>>()

/**
 * Finds `flock(2)`, which MSAL Python and MSAL .NET look at besides the lock file. Without it they respect our lock for 5 s only,
 * many times longer than a write takes.
 *
 * @param machine This machine.
 * @returns The call; `undefined` on Windows, and where koffi is not installed.
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
    return (fd) => call(fd, LOCK_EX | LOCK_NB) === 0
  } catch {
    return undefined
  }
}
