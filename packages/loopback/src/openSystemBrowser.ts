import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { browserCommands, type Command } from './browserCommands.js'

/**
 * Opens a page in the first browser that starts. No shell sees the address.
 *
 * @param url The page, http or https.
 * @param over Is aborted when no browser is needed any more.
 * @param env The environment variables.
 * @returns When a browser took the page; never, where that browser runs on by itself.
 * @throws {Error} when none could be started, or all failed.
 */
export async function openSystemBrowser(
  url: string,
  over: AbortSignal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const failures: string[] = []
  const commands = browserCommands(url, env, process.platform, existsSync)
  for (const start of [...commands.map((command) => () => spawnBrowser(command)), () => openDefault(url)]) {
    if (over.aborted) return
    try {
      return await start()
    } catch (error) {
      // The message only: the error itself quotes the address.
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(failures.join('; '))
}

function spawnBrowser([program, ...args]: Command): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  // Deno throws where there is no process, and the "error" would be nobody's.
  if (child.pid !== undefined) child.unref()
  return watch(child)
}

/** What the operating system's settings say, in WSL Windows' own. */
async function openDefault(url: string): Promise<void> {
  const { default: open } = await import('open')
  return watch(await open(url))
}

function watch(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnfile} ended with ${code ?? 'a signal'}`))
    child.once('error', reject)
    if (child.exitCode !== null) ended(child.exitCode)
    else child.once('exit', ended)
  })
}
