import type { AuthCodeFlow } from '../AuthCodeFlow.js'
import { AuthError } from '../AuthError.js'

/** A sign-in on its way, and where the person was. */
export interface StoredFlow {
  readonly flow: AuthCodeFlow
  readonly returnTo: string
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** Where they are in the storage, all together. */
export const storageKey = 'latchkey'
/** Nobody takes longer; in milliseconds. */
const lifetime = 86_400_000
/** Nobody has more of them on their way in one tab. */
const most = 8

/**
 * Keeps a sign-in until its answer comes; the oldest ones, which were given up, go.
 *
 * @param storage Where; this tab's session storage by default.
 * @param flow The sign-in.
 * @throws {AuthError} `storage_unavailable` when the browser keeps nothing for this page.
 */
export function storeFlow(storage: Storage | undefined, flow: AuthCodeFlow): void {
  try {
    const kept = storage ?? sessionStorage
    write(kept, [{ flow, returnTo: location.href, at: Date.now() }, ...read(kept)].slice(0, most))
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
export function takeFlow(storage: Storage | undefined, state: string | null): StoredFlow | undefined {
  try {
    const kept = storage ?? sessionStorage
    const flows = read(kept)
    const found = flows.find(({ flow }) => flow.state === state)
    write(
      kept,
      flows.filter((one) => one !== found),
    )
    return found
  } catch {
    return undefined
  }
}

function read(storage: Storage): StoredFlow[] {
  try {
    const flows = JSON.parse(storage.getItem(storageKey)!) as StoredFlow[]
    return flows.filter(({ flow, at }) => flow.state && at > Date.now() - lifetime)
  } catch {
    return [] // nothing yet, or what somebody else wrote
  }
}

function write(storage: Storage, flows: readonly StoredFlow[]): void {
  if (flows.length > 0) storage.setItem(storageKey, JSON.stringify(flows))
  else storage.removeItem(storageKey)
}
