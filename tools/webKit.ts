import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { installDebianPackages } from './debianPackage.ts'
import { findProgram } from './findProgram.ts'
import { freePort } from './freePort.ts'
import { Skipped } from './outcome.ts'
import type { RealBrowser, Tab } from './RealBrowser.ts'

/**
 * Starts WebKit, the engine of Safari, as Linux has it, on a display that nobody sees; on Debian and its kin it is installed where we
 * are root. It is driven by WebDriver.
 *
 * @param timeout For each step, in milliseconds.
 * @returns The browser, with an empty profile.
 * @throws {Skipped} There is none; says how to get one.
 */
export async function openWebKit(timeout: number): Promise<RealBrowser> {
  const { driver, display } = await findWebKit()
  const screen = await startScreen(display)
  const port = await freePort()
  const program = start(driver, [`--port=${port}`, '--host=127.0.0.1'], { DISPLAY: screen.name })
  const close = async (): Promise<void> => {
    await program.end()
    await screen.end()
  }
  const send = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeout),
    })
    const { value } = (await response.json()) as { value: T & { message?: string } }
    if (!response.ok) throw new Error(value.message ?? `WebKit said ${response.status}`)
    return value
  }
  try {
    await isReady(() => send('GET', '/status'), program.child)
    const { sessionId } = await send<{ sessionId: string }>('POST', '/session', { capabilities: {} })
    const session = `/session/${sessionId}`
    // One tab at a time is the one that commands are for.
    let before: Promise<unknown> = Promise.resolve()
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const turn = before.then(work)
      before = turn.catch(() => {})
      return turn
    }
    await send('POST', `${session}/timeouts`, { script: timeout, pageLoad: timeout })
    const inTab = <T>(handle: string, work: () => Promise<T>): Promise<T> =>
      inTurn(async () => {
        await send('POST', `${session}/window`, { handle })
        return work()
      })
    const tabOf = (handle: string): Tab => ({
      async evaluate(expression) {
        const script = `
          const done = arguments[0], evaluate = async () => JSON.stringify((await (${expression})) ?? null)
          evaluate().then((value) => done({ value }), (error) => done({ error: String(error) }))`
        const execute = () => send<Evaluated>('POST', `${session}/execute/async`, { script, args: [] })
        const { value, error } = await inTab(handle, execute)
        if (error !== undefined) throw new Error(error)
        return JSON.parse(value)
      },
      click: (selector) =>
        inTab(handle, async () => {
          const found = { using: 'css selector', value: selector }
          const [id] = Object.values(await send<Record<string, string>>('POST', `${session}/element`, found))
          await send('POST', `${session}/element/${id}/click`, {})
        }),
    })
    return {
      async openTab(url) {
        // A window, because pages in tabs of this browser cannot open any.
        const { handle } = await send<{ handle: string }>('POST', `${session}/window/new`, { type: 'window' })
        await inTab(handle, () => send('POST', `${session}/url`, { url }))
        return tabOf(handle)
      },
      tabs: async () => (await send<string[]>('GET', `${session}/window/handles`)).map(tabOf),
      async close() {
        await send('DELETE', session).catch(() => {})
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Evaluated {
  readonly value: string
  readonly error?: string
}

/** The programs of it. */
export interface WebKitPrograms {
  readonly driver: string
  /** Xvfb. */
  readonly display: string
}

let asked: Promise<WebKitPrograms> | undefined

/**
 * Looks for WebKit, and installs it where that can be done.
 *
 * @returns Paths of its programs.
 * @throws {Skipped} There is none; says how to get one.
 */
export function findWebKit(): Promise<WebKitPrograms> {
  return (asked ??= locate())
}

async function locate(): Promise<WebKitPrograms> {
  const found = present()
  if (found) return found
  await installDebianPackages('WebKit', ['webkit2gtk-driver', 'libwebkit2gtk-4.1-0', 'xvfb'])
  const installed = present()
  if (installed) return installed
  throw new Skipped(
    'No WebKit here: install WebKitWebDriver (Debian: webkit2gtk-driver) and Xvfb, or set WEBKIT_DRIVER and XVFB to paths',
  )
}

function present(): WebKitPrograms | undefined {
  const [driver, display] = [findProgram('WEBKIT_DRIVER', ['WebKitWebDriver']), findProgram('XVFB', ['Xvfb'])]
  return driver && display ? { driver, display } : undefined
}

interface Program {
  readonly child: ChildProcess
  end(): Promise<void>
}

function start(path: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } })
  const kill = (): void => void child.kill()
  process.once('exit', kill)
  return {
    child,
    async end() {
      process.off('exit', kill)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      kill()
      await ended
    },
  }
}

/** It chooses its number itself. */
async function startScreen(path: string): Promise<{ name: string; end(): Promise<void> }> {
  const program = start(path, ['-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'])
  const ended = once(program.child, 'exit').then(() => undefined)
  const line = await Promise.race([once(program.child.stdout!, 'data'), ended])
  if (!line) throw new Error('Xvfb did not start')
  return { name: `:${String(line[0]).trim()}`, end: () => program.end() }
}

async function isReady(ask: () => Promise<unknown>, child: ChildProcess): Promise<void> {
  while (child.exitCode === null)
    try {
      await ask()
      return
    } catch {
      await pause(50)
    }
  throw new Error(`WebKitWebDriver ended with ${child.exitCode}`)
}
