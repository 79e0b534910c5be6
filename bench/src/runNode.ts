import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Runs a file of this folder in a fresh Node process, to its end.
 *
 * @param file Relative to this folder.
 * @param args Its arguments.
 * @param options `flags` go to Node, `env` is added to the environment.
 * @returns The JSON that it printed, and how long the process lived in milliseconds.
 */
export async function runNode<T>(
  file: string,
  args: readonly string[],
  { flags = [], env = {} }: { flags?: readonly string[]; env?: Record<string, string> } = {},
): Promise<T & { wall: number }> {
  const from = performance.now()
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, path, ...args], {
    env: { ...process.env, ...env },
  })
  const wall = performance.now() - from
  return { ...(JSON.parse(stdout) as T), wall }
}
