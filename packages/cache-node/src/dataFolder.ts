import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import type { Machine } from './machine.js'

/**
 * Finds the folder for the data of this user: one that outlives restarts and new versions of a program.
 *
 * @param machine This machine.
 * @returns `$XDG_DATA_HOME/latchkey` or `~/.local/share/latchkey`; on macOS `~/Library/Application Support/latchkey`; on Windows
 * `%LOCALAPPDATA%\latchkey`.
 */
export function dataFolder({ platform, env }: Machine): string {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA']
    return win32.join(local || win32.join(env['USERPROFILE'] || homedir(), 'AppData', 'Local'), 'latchkey')
  }
  const home = env['HOME'] || homedir()
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'latchkey')
  const data = env['XDG_DATA_HOME']
  // The specification says to pass over a relative path.
  return posix.join(data && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share'), 'latchkey')
}
