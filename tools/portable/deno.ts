import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { folderOf } from './folderOf.ts'

/**
 * Finds Deno. Its package keeps the binary in an optional dependency, and takes it out at the first use; its own start script would
 * survive a kill of ours.
 *
 * @returns The path of the binary.
 */
export function findDeno(): string {
  const own = join(folderOf('deno'), process.platform === 'win32' ? 'deno.exe' : 'deno')
  return existsSync(own) ? own : (createRequire(import.meta.url)('deno/install_api.cjs').runInstall() as string)
}
