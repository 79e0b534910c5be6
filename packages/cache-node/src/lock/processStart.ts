import { readFileSync, readlinkSync } from 'node:fs'
import type { Machine } from '../machine.js'

/** What is known of a process: not there; or there, and when it started, where that can be told. */
export type ProcessState = { readonly running: false } | { readonly running: true; readonly start: string | undefined }

/**
 * Looks at a process of this machine. Its start, together with its id, tells it from a later one with the same id.
 *
 * @param pid Its id.
 * @param machine This machine.
 * @returns What is known of it.
 */
export async function lookAtProcess(pid: number, machine: Machine): Promise<ProcessState> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { running: false }
  }
  if (machine.platform === 'linux') return linux(pid)
  if (machine.platform === 'win32') return { running: true, start: undefined }
  return ps(pid)
}

/** In clock ticks since the machine started: setting the clock does not change it. */
function linux(pid: number): ProcessState {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return { running: true, start: undefined }
  }
  // The name, in parentheses, may hold anything; after it: state, then 18 numbers, then the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (/^[ZX]/i.test(fields[0] ?? '')) return { running: false }
  return { running: true, start: fields[19] }
}

async function ps(pid: number): Promise<ProcessState> {
  const { execFile } = await import('node:child_process')
  return new Promise((resolve) => {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC0' }
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], { env, timeout: 5000 }, (error, output) => {
      const start = output.trim().replaceAll(/\s+/g, '_')
      resolve(error || !start ? { running: true, start: undefined } : { running: true, start })
    })
  })
}

/**
 * Names the set of processes that ids of this process mean: the machine since its start, and the container.
 *
 * @param machine This machine.
 * @returns A name without spaces.
 */
export function processSpace(machine: Machine): string {
  if (machine.platform === 'linux') {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
      const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]
      if (boot && space) return `${boot}.${space}`
    } catch {
      // No /proc: the machine's name has to do.
    }
  }
  return machine.host.replaceAll(/[^\w.-]/g, '_') || 'unnamed'
}
