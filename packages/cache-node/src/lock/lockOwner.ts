import type { Machine } from '../machine.js'
import { lookAtProcess, processSpace } from './processStart.js'

/**
 * How long, in milliseconds, a lock must stay unchanged before its owner counts as gone.
 *
 * Owners of ours touch their lock every {@link HEARTBEAT}, and hold it for one write. MSAL Python waits 5 s, then takes any lock.
 */
export const PATIENCE: Readonly<Record<'dead' | 'seemsDead' | 'doubtful' | 'alive', number>> = {
  /** The owner's process is over, for certain. */
  dead: 0,
  /** Its process is over, but might be one of another container: what other MSALs write does not tell. */
  seemsDead: 2000,
  /** It may live: it is on another machine, or wrote nothing, or its id may be another process's by now. */
  doubtful: 10_000,
  /** It lives. */
  alive: Infinity,
}

/** How often an owner touches its lock, in milliseconds. */
export const HEARTBEAT = 2000

const texts = /* @__PURE__ */ new WeakMap<Machine, Promise<string>>()

/**
 * Says who we are, for lock files. Other MSALs write the process id and a name; so does this, and adds to it. Asked for once: on
 * macOS it takes a process to tell when one's own started.
 *
 * @param machine This machine.
 * @returns `PID latchkey START SPACE THREAD`; in a file, something that no other lock has follows.
 */
export function processText(machine: Machine): Promise<string> {
  const known = texts.get(machine)
  if (known) return known
  const { pid, thread } = machine
  const made = lookAtProcess(pid, machine).then((state) => {
    const start = (state.running && state.start) || '-'
    return `${pid} latchkey ${start} ${processSpace(machine)} ${thread}`
  })
  texts.set(machine, made)
  return made
}

/**
 * Says how long to wait for the owner of a lock.
 *
 * @param text What is in the lock file.
 * @param machine This machine.
 * @returns Milliseconds without a change after which the lock may be taken over.
 */
export async function patienceFor(text: string, machine: Machine): Promise<number> {
  const pid = Number(/^(\d{1,10})(?= |$)/.exec(text)?.[1] ?? 0)
  if (pid === 0) return PATIENCE.doubtful
  const [, name, start, space, thread] = text.split(' ')
  const ours = name === 'latchkey' && thread !== undefined
  if (ours && space !== processSpace(machine)) return PATIENCE.doubtful
  const state = await lookAtProcess(pid, machine)
  if (!state.running) return ours ? PATIENCE.dead : PATIENCE.seemsDead
  if (!ours || start === '-' || state.start === undefined) return PATIENCE.doubtful
  if (state.start !== start) return PATIENCE.dead
  // A thread can end without its process.
  return pid === machine.pid && thread !== String(machine.thread) ? PATIENCE.doubtful : PATIENCE.alive
}

/**
 * Gives the process that a lock names, for messages.
 *
 * @param text What is in the lock file.
 * @returns In words.
 */
export function ownerName(text: string): string {
  const pid = /^\d{1,10}(?= |$)/.exec(text)?.[0]
  return pid ? `process ${pid}` : 'another process'
}
