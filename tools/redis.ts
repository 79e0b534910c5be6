import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { findProgram } from './findProgram.ts'
import { freePort } from './freePort.ts'
import { Skipped } from './outcome.ts'
import { run } from './run.mjs'

/** A Redis server of our own on 127.0.0.1, which keeps nothing. */
export interface RedisServer {
  readonly port: number
  /** Ends it at once, as a crash does. */
  stop(): Promise<void>
}

let asked: Promise<string> | undefined

/**
 * The redis-server of this machine; on Debian and its kin it is installed where we are root.
 *
 * @returns Path of the executable.
 * @throws {Skipped} There is none; says how to get one.
 */
export function findRedis(): Promise<string> {
  return (asked ??= locate())
}

/**
 * Starts a server.
 *
 * @param port Its port; a free one where none is given.
 * @param more Gives further options, for each attempt to start it.
 * @returns The server, when it takes connections.
 * @throws {Skipped} There is no redis-server.
 */
export async function startRedis(port?: number, more?: () => Promise<readonly string[]>): Promise<RedisServer> {
  const program = await findRedis()
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(program, port ?? (await freePort()), (await more?.()) ?? [])
    } catch (error) {
      // Somebody else may have taken the port meanwhile, or its last owner may not yet be gone.
      if (attempt === 5) throw error
    }
  }
}

async function start(program: string, port: number, more: readonly string[]): Promise<RedisServer> {
  const memory = ['--save', '', '--appendonly', 'no']
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', ...memory, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  try {
    await ready(child)
  } catch (error) {
    process.off('exit', end)
    throw error
  }
  return {
    port,
    async stop() {
      process.off('exit', end)
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      end()
      await ended
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line)
    if (line.includes('Ready to accept connections')) {
      child.stdout!.resume()
      return
    }
  }
  throw new Error(`redis-server did not start\n${lines.join('\n')}`)
}

async function locate(): Promise<string> {
  const found = present()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('  installing Redis (apt-get install redis-server)')
    // Only the program is wanted: no service is started.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    const wait = ['-o', 'DPkg::Lock::Timeout=300']
    await run('apt-get', ['update', '-qq'], { env, capture: true })
    const install = ['install', '-y', '-qq', '--no-install-recommends', ...wait, 'redis-server']
    await run('apt-get', install, { env, capture: true })
    const installed = present()
    if (installed) return installed
  }
  throw new Skipped('No redis-server here: install Redis 7 or Valkey, or set REDIS_SERVER to a path')
}

const present = (): string | undefined => findProgram('REDIS_SERVER', ['redis-server', 'valkey-server'])
