import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import process from 'node:process'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
let interrupted = false

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    interrupted = true
    // Ctrl-C in a terminal reaches the whole process group already; a second one makes many tools give up cleaning.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) for (const child of running) child.kill(signal)
    if (running.size === 0) process.exit(128 + constants.signals[signal])
  })
}

/** Whether this process was told to stop: the caller should start nothing more. */
export const wasInterrupted = () => interrupted

/**
 * Runs a command to its end. Signals that reach this process are passed on to it.
 *
 * @param {string} command An executable, looked up on `PATH`.
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, timeout?: number }} [options] `capture` returns
 *   the output instead of showing it; after `timeout` ms the command is killed.
 * @returns {Promise<{ code: number, output: string }>} The exit code (128 + signal number where a signal ended it).
 */
export function run(command, args, { cwd, env = process.env, capture = false, timeout } = {}) {
  return new Promise((resolve) => {
    const stop = { timeout, killSignal: /** @type {const} */ ('SIGKILL') }
    const child = spawn(command, args, { cwd, env, ...stop, stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    let output = ''
    running.add(child)
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => {
      running.delete(child)
      resolve({ code: 127, output: `${output}${error.message}\n` })
    })
    child.on('close', (code, signal) => {
      running.delete(child)
      resolve({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), output })
    })
  })
}
