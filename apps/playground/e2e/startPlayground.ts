import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

/** A playground that a test started. */
export interface Playground extends AsyncDisposable {
  readonly url: string
  /** What it printed until it listened. */
  readonly output: string
  readonly child: ChildProcess
}

/**
 * Starts the built playground, in a process of its own.
 *
 * @param args Of the command.
 * @returns It, when it listens.
 */
export async function startPlayground(args: readonly string[] = ['--port', '0']): Promise<Playground> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      output += text
      const address = /^http:\/\/\S+\/$/m.exec(output)?.[0]
      if (address) resolve(address)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.once('exit', (code) => reject(new Error(`The playground ended with ${code}\n${output}`)))
  })
  return {
    url,
    output,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
