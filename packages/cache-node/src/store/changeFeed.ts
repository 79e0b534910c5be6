import { mkdirSync, watch, type FSWatcher } from 'node:fs'
import { ABSENT, type FileStamp } from '../file/fileStamp.js'

/** An own change that is under way. */
export interface OwnChange {
  /** Says what was there before it. */
  saw(id: string): void
  /** Says what is there now, where that is known. */
  end(id: string | undefined): void
}

/** Tells listeners of changes that were made elsewhere. */
export interface ChangeFeed {
  subscribe(listener: (partition: string) => void): () => void
  /** Announces an own change, which is not told to anybody. */
  begin(entry: string): OwnChange
}

/** What a feed looks at. */
export interface ChangeFeedOptions {
  /** The folder in which it happens. */
  readonly folder: string
  /** Looks at everything: entry → the id of its stamp. */
  readonly scan: () => ReadonlyMap<string, string>
  /** Looks whether a scan is worth it, where a scan is dear. */
  readonly glance?: () => FileStamp
  /** Finds the partition of an entry; `undefined` where it cannot be told. */
  readonly nameOf: (entry: string) => Promise<string | undefined>
}

/** How often to look, in milliseconds: some network file systems and containers do not tell of changes. */
const INTERVAL = 2000

/**
 * Watches a folder while somebody listens; keeps no process alive.
 *
 * @param options What to look at.
 * @returns The feed.
 */
export function changeFeed({ folder, scan, glance, nameOf }: ChangeFeedOptions): ChangeFeed {
  const listeners = new Set<(partition: string) => void>()
  const known = new Map<string, string>()
  const own = new Map<string, number>()
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  let glanced = ''

  return {
    subscribe(listener) {
      const call = (partition: string): void => listener(partition)
      listeners.add(call)
      if (listeners.size === 1) start()
      return () => {
        if (listeners.delete(call) && listeners.size === 0) stop()
      }
    },
    begin(entry) {
      own.set(entry, (own.get(entry) ?? 0) + 1)
      return {
        saw: (id) => compare(entry, id),
        end(id) {
          const others = own.get(entry)! - 1
          if (others > 0) own.set(entry, others)
          else own.delete(entry)
          if (id !== undefined) known.set(entry, id)
          check()
        },
      }
    },
  }

  function start(): void {
    known.clear()
    for (const [entry, id] of look()) known.set(entry, id)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const watching = watch(folder, { persistent: false }, check)
      watching.on('error', () => watching.close())
      watcher = watching
    } catch {
      // The timer is enough.
    }
    timer = setInterval(checkIfChanged, INTERVAL)
    timer.unref()
  }

  function stop(): void {
    watcher?.close()
    watcher = undefined
    clearInterval(timer)
  }

  function checkIfChanged(): void {
    const stamp = glance?.()
    if (stamp && stamp.id === glanced) return
    glanced = stamp?.settled ? stamp.id : ''
    check()
  }

  function check(): void {
    if (listeners.size === 0) return
    const now = look()
    for (const entry of new Set([...known.keys(), ...now.keys()]))
      if (!own.has(entry)) compare(entry, now.get(entry) ?? ABSENT.id)
  }

  function compare(entry: string, id: string): void {
    if (listeners.size === 0 || (known.get(entry) ?? ABSENT.id) === id) return
    known.set(entry, id)
    void tell(entry)
  }

  async function tell(entry: string): Promise<void> {
    const partition = await nameOf(entry).catch(() => undefined)
    if (partition !== undefined) for (const listener of [...listeners]) listener(partition)
  }

  function look(): ReadonlyMap<string, string> {
    try {
      return scan()
    } catch {
      return new Map()
    }
  }
}
