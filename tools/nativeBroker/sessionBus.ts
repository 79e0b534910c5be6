import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import dbus from 'dbus-next'
import { watchLocks, type Locks } from './watchLocks.ts'

/** A private session bus with GNOME Keyring on it, for this process and those that it starts. */
export interface SessionBus {
  readonly address: string
  /** What another process needs to find it. */
  readonly env: Readonly<Record<string, string>>
  /** Ends all and removes what was made. */
  close(): Promise<void>
}

/** Nothing is started by a call to a name: who is not there is not there. */
const config = (socket: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

/**
 * Starts a bus and a keyring in a folder of their own. This process's environment is changed, too, until they are closed: native
 * code reads it once, at its first call, so there is one bus for a process.
 *
 * @param options `keyring: false` leaves the keyring out.
 * @returns How to reach and how to end them.
 */
export async function startSessionBus(options: { keyring?: boolean } = {}): Promise<SessionBus> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bus-'))
  for (const name of ['home', 'run']) mkdirSync(join(folder, name), { mode: 0o700 })
  writeFileSync(join(folder, 'bus.conf'), config(join(folder, 'bus')))
  const children: ChildProcess[] = []
  const start = (command: string, args: string[], input: string, env: NodeJS.ProcessEnv): ChildProcess => {
    const child = spawn(...mortal(command, args), { env, stdio: ['pipe', 'pipe', 'ignore'] })
    // Who ends before it has read everything is seen by its exit.
    child.stdin.on('error', () => {}).end(input)
    children.unshift(child)
    return child
  }
  // Where the process ends without closing.
  const end = (): void => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', end)
  const closing = { folder, children, end, restore: () => {} }
  try {
    const daemon = [
      '--config-file',
      join(folder, 'bus.conf'),
      '--nofork',
      '--nopidfile',
      '--nosyslog',
      '--print-address=1',
    ]
    const address = await firstLine(start('dbus-daemon', daemon, '', process.env))
    const env = {
      DBUS_SESSION_BUS_ADDRESS: address,
      HOME: join(folder, 'home'),
      XDG_DATA_HOME: join(folder, 'home', 'data'),
      XDG_RUNTIME_DIR: join(folder, 'run'),
    }
    closing.restore = changeEnvironment({ ...env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined })
    let locks: Locks | undefined
    if (options.keyring !== false) {
      // An empty line is the password of a new keyring.
      start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], '\n', process.env)
      await waitForName(address, 'org.freedesktop.secrets')
      locks = await watchLocks(address)
    }
    return {
      address,
      env,
      async close() {
        await locks?.remove()
        locks = undefined
        await close(closing)
      },
    }
  } catch (error) {
    await close(closing)
    throw error
  }
}

interface Closing {
  folder: string
  children: ChildProcess[]
  end: () => void
  restore: () => void
}

async function close({ folder, children, end, restore }: Closing): Promise<void> {
  process.off('exit', end)
  restore()
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
}

/** A command that ends with its parent, even where native code takes the parent down. */
function mortal(command: string, args: string[]): [string, string[]] {
  const can = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0
  return can ? ['setpriv', ['--pdeathsig', 'KILL', command, ...args]] : [command, args]
}

function changeEnvironment(changes: Record<string, string | undefined>): () => void {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const)
  const apply = ([name, value]: readonly [string, string | undefined]): void => {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  Object.entries(changes).forEach(apply)
  return () => before.forEach(apply)
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`${child.spawnargs.join(' ')} ended before it was ready`)
    }),
  ])) as [string]
  return line
}

async function waitForName(address: string, name: string): Promise<void> {
  const bus = dbus.sessionBus({ busAddress: address })
  const destination = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  }
  const question = { ...destination, member: 'NameHasOwner', signature: 's', body: [name] }
  try {
    while (!(await bus.call(new dbus.Message(question)))?.body[0])
      await new Promise((resolve) => setTimeout(resolve, 10))
  } finally {
    bus.disconnect()
  }
}
