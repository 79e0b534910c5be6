import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import { AuthError } from '../AuthError.js'
import { parseObject } from '../json/parseObject.js'

/** A sign-in on its way, and where the person was. */
export interface StoredFlow {
  readonly flow: AuthCodeFlow
  readonly returnTo: string
  /** In milliseconds since the epoch. */
  readonly at: number
}

const prefix = 'latchkey.'
/** Nobody takes longer; in milliseconds. */
const lifetime = 3_600_000
/** Nobody has more of them on their way in one tab. */
const most = 8

/**
 * Keeps a sign-in until its answer comes; those that were given up go.
 *
 * @param storage Where; this tab's session storage by default.
 * @param flow The sign-in.
 * @returns Forgets it.
 * @throws {AuthError} `storage_unavailable` when the browser keeps nothing for this page.
 */
export function storeFlow(storage: Storage | undefined, flow: AuthCodeFlow): () => void {
  try {
    const kept = storage ?? sessionStorage
    const others = Object.keys(kept)
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, at: Number(read(kept, key)?.at) || 0 }))
      .sort((a, b) => b.at - a.at)
    for (const [index, { key, at }] of others.entries())
      if (index >= most - 1 || !(Math.abs(Date.now() - at) < lifetime)) kept.removeItem(key)
    const key = prefix + flow.state
    kept.setItem(key, JSON.stringify({ flow, returnTo: location.href, at: Date.now() } satisfies StoredFlow))
    return () => kept.removeItem(key)
  } catch (cause) {
    throw new AuthError('storage_unavailable', 'Cannot sign in: the browser keeps nothing for this page', { cause })
  }
}

/**
 * Takes a sign-in out: its answer counts once.
 *
 * @param storage Where; this tab's session storage by default.
 * @param state What the answer carries.
 * @returns The sign-in; `undefined` where this tab has none of that state.
 */
export function takeFlow(storage: Storage | undefined, state: string): StoredFlow | undefined {
  try {
    const kept = storage ?? sessionStorage
    const stored = read(kept, prefix + state)
    kept.removeItem(prefix + state)
    return stored
  } catch {
    return undefined
  }
}

function read(storage: Storage, key: string): StoredFlow | undefined {
  return parseObject(storage.getItem(key) ?? '') as StoredFlow | undefined
}
