import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const program: string = createRequire(import.meta.url)('workerd').default

/** No date from which workerd offers Node's globals by itself, and the flags say so once more. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "BUNDLE")],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  globalOutbound = "internet",
);
`

/**
 * Serves a worker from workerd and asks it once.
 *
 * @param bundle Path of an ES module; the configuration is written next to it.
 * @param timeout For the whole run, in ms.
 * @returns The body of its answer.
 */
export async function askWorkerd(bundle: string, timeout: number): Promise<string> {
  const config = join(dirname(bundle), 'workerd.capnp')
  writeFileSync(config, CONFIG.replace('BUNDLE', basename(bundle)))
  // On descriptor 3 workerd tells which port it got.
  const child = spawn(program, ['serve', '--control-fd=3', config], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  let log = ''
  child.stdout?.on('data', (text) => (log += text))
  child.stderr?.on('data', (text) => (log += text))
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdio[3]?.on('data', (text) => {
        const event = JSON.parse(String(text).split('\n')[0] ?? '')
        if (event.event === 'listen') resolve(event.port)
      })
      child.on('error', reject).on('exit', (code) => reject(new Error(`workerd ended with ${code}\n${log}`)))
    })
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(timeout) })
    const body = await response.text()
    if (!response.ok) throw new Error(`workerd answered ${response.status}\n${body}\n${log}`)
    return body
  } finally {
    child.kill()
  }
}
