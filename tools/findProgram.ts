import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'

/**
 * Looks for a program.
 *
 * @param variable The environment variable that may name it; what it names has to be there, so that no other program is taken unseen.
 * @param names What it may be called, on `PATH`.
 * @param paths Where else it may be.
 * @returns Its path; `undefined` where there is none.
 */
export function findProgram(
  variable: string,
  names: readonly string[],
  paths: readonly string[] = [],
): string | undefined {
  const given = process.env[variable]
  if (given) {
    if (isExecutable(given)) return given
    throw new Error(`${variable} is set to ${given}, which is not an executable file`)
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...paths].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
