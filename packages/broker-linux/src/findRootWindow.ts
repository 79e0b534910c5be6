import type { LinuxSystem } from './LinuxSystem.js'

/** Any window will do where there is no display: the broker brings its own. */
const ANY = 1n

/**
 * Finds the root window of the default X11 display.
 *
 * @param system The machine.
 * @returns The window; 1 where there is no display, as over SSH or on Wayland alone.
 */
export async function findRootWindow({ env, library }: LinuxSystem): Promise<bigint> {
  if (!env['DISPLAY']) return ANY
  const { load } = (await import('koffi')).default
  let x11: ReturnType<typeof load>
  try {
    x11 = load(library('libX11.so.6'))
  } catch {
    return ANY
  }
  const display = x11.func('XOpenDisplay', 'void *', ['str'])(null) as bigint | null
  if (!display) return ANY
  const root = BigInt(x11.func('XDefaultRootWindow', 'ulong', ['void *'])(display) as number | bigint)
  x11.func('XCloseDisplay', 'int', ['void *'])(display)
  return root || ANY
}
