import type { WindowsSystem } from './WindowsSystem.js'

/** The window that owns it: Windows Terminal shows a program in a window of its own and gives it one that nobody sees. */
const GA_ROOTOWNER = 3

/**
 * Finds the window that the program's console is in.
 *
 * @param system The machine.
 * @returns Its handle; the desktop's for a program without a console.
 * @see {@link https://learn.microsoft.com/entra/msal/dotnet/acquiring-tokens/desktop-mobile/wam#parent-window-handles Parent window handles}
 */
export async function findConsoleWindow({ library }: WindowsSystem): Promise<bigint> {
  const { load } = (await import('koffi')).default
  const user = load(library('user32.dll'))
  const kernel = load(library('kernel32.dll'))
  const call = (from: typeof user, name: string, parameters: string[] = []) =>
    from.func('__stdcall', name, 'void *', parameters) as (...args: unknown[]) => bigint | null
  const console = call(kernel, 'GetConsoleWindow')()
  const owner = console && call(user, 'GetAncestor', ['void *', 'uint32'])(console, GA_ROOTOWNER)
  // A service without a desktop has none of them; the broker refuses 0, and says so less well than it refuses 1.
  return owner || console || call(user, 'GetDesktopWindow')() || 1n
}
