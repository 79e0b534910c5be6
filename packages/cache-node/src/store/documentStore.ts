import type { AuthError, CacheDocument } from '@latchkey/core'
import { createHash } from 'node:crypto'
import { cacheError } from '../cacheError.js'
import type { FileContent } from '../file/readTrusted.js'
import { ABSENT, type FileStamp } from '../file/fileStamp.js'
import { MAX_BYTES } from '../file/trust.js'
import { withLock, type Lock, type LockOptions } from '../lock/withLock.js'
import type { ChangeFeed } from './changeFeed.js'
import { Damaged, type Codec } from './Codec.js'
import { checkJson, copyJson, shareJson } from './jsonValue.js'
import type { Slot } from './Slot.js'

/** One document, and everything that reading and changing it takes. */
export interface DocumentStore {
  get(): CacheDocument | undefined | Promise<CacheDocument | undefined>
  update(next: Next): Promise<void>
}

/** As `CacheStore` has it. */
export type Next = (current: CacheDocument | undefined) => CacheDocument | undefined

/** What a document store stands on. */
export interface DocumentStoreOptions {
  readonly slot: Slot
  readonly codec: Codec
  readonly lockPath: string
  readonly lock: LockOptions
  /** Is told of own writes and foreign ones. */
  readonly feed?: ChangeFeed | undefined
  /** The document's name in the feed. */
  readonly entry?: string
  /** Takes the report of a damaged cache; without it the call fails with the report. */
  readonly onCorrupt?: ((error: AuthError) => void) | undefined
}

interface Snapshot {
  readonly stamp: FileStamp
  /** Of the bytes that were read, so that an unchanged content keeps its document; none of what was written. */
  readonly digest?: string
  readonly document: CacheDocument | undefined
}

interface Job {
  readonly next: Next
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const NOTHING: Snapshot = { stamp: ABSENT, document: undefined }

/**
 * Keeps one document fresh, and changes it without losing anything.
 *
 * @param options What it stands on.
 * @returns The store.
 */
export function documentStore(options: DocumentStoreOptions): DocumentStore {
  const { slot, codec, lockPath, lock: lockOptions, feed, entry = '', onCorrupt } = options
  let snapshot: Snapshot | undefined
  let running: Promise<unknown> | undefined
  let following: Promise<CacheDocument | undefined> | undefined
  let jobs: Job[] = []
  let draining = false

  return {
    get() {
      const stamp = slot.stamp()
      if (snapshot?.stamp.settled && snapshot.stamp.id === stamp.id) return snapshot.document
      return (following ??= loadNext())
    },
    update(next) {
      return new Promise((resolve, reject) => {
        jobs.push({ next, resolve, reject })
        if (!draining) void drain()
      })
    },
  }

  /** Reads that come while one is running share the one after it: the running one may have begun before the change. */
  async function loadNext(): Promise<CacheDocument | undefined> {
    await running
    following = undefined
    const load = readDocument()
    running = load.catch(() => {})
    return load
  }

  async function readDocument(): Promise<CacheDocument | undefined> {
    const content = await slot.read()
    // Somebody may be in the middle of writing it; nobody is while we hold the lock.
    let damage = content.torn || (slot.writtenInPlace && content.bytes?.length === 0) ? 'is being written' : undefined
    if (damage === undefined) {
      try {
        return (await accept(content)).document
      } catch (error) {
        if (!(error instanceof Damaged)) throw error
        damage = error.message
      }
    }
    try {
      return await withLock(lockPath, lockOptions, async () => (await readLocked()).document)
    } catch (error) {
      if ((error as AuthError).suberror !== 'file_unwritable') throw error
      const message = `Cannot read ${slot.name}: it ${damage}, and cannot be moved aside. ${(error as AuthError).message}`
      throw cacheError('damaged', message, error)
    }
  }

  async function accept({ bytes, stamp }: FileContent): Promise<Snapshot> {
    if (!bytes) return (snapshot = { ...NOTHING, stamp })
    const digest = createHash('sha256').update(bytes).digest('base64')
    const before = snapshot
    const document =
      before?.digest === digest ? before.document : shareJson(await codec.decode(bytes), before?.document)
    return (snapshot = { stamp, digest, document })
  }

  /** While the lock is held nobody is in the middle of writing: what cannot be read now is damaged. */
  async function readLocked(): Promise<Snapshot> {
    const content = await slot.read()
    return accept(content).catch((error: unknown) => quarantine(content, error))
  }

  /** Moves what is damaged out of the way, and says so; other errors are passed on. */
  async function quarantine({ bytes }: FileContent, error: unknown): Promise<Snapshot> {
    if (!(error instanceof Damaged)) throw error
    const aside = await slot.setAside(bytes!)
    const message = `Cannot read ${slot.name}: it ${error.message}; it is kept as ${aside}, and users have to sign in again`
    const report = cacheError('damaged', message)
    snapshot = NOTHING
    if (!onCorrupt) throw report
    onCorrupt(report)
    return NOTHING
  }

  /** Says that updates are done when the lock is free: a program may end right then. */
  async function drain(): Promise<void> {
    draining = true
    while (jobs.length > 0) {
      let batch: Job[] = []
      try {
        const done = await withLock(lockPath, lockOptions, async (lock) => {
          const own = feed?.begin(entry)
          try {
            const stamp = slot.stamp()
            if (stamp.settled && stamp.id === ABSENT.id) snapshot = NOTHING
            const current = snapshot?.stamp.settled && snapshot.stamp.id === stamp.id ? snapshot : await readLocked()
            own?.saw(current.stamp.id)
            batch = jobs
            jobs = []
            return await apply(batch, current.document, lock)
          } finally {
            own?.end(snapshot?.stamp.id)
          }
        })
        for (const { resolve } of done) resolve()
      } catch (error) {
        if (batch.length === 0) [batch, jobs] = [jobs, []]
        for (const { reject } of batch) reject(error)
      }
    }
    draining = false
  }

  /** Everything that waits is done in one write. Each `next` has a copy of its own, so that one that throws changes nothing. */
  async function apply(batch: readonly Job[], from: CacheDocument | undefined, lock: Lock): Promise<Job[]> {
    let document = from
    const done: Job[] = []
    for (const job of batch) {
      try {
        document = checkDocument(job.next(copyJson(document)), document)
        done.push(job)
      } catch (error) {
        job.reject(error)
      }
    }
    if (document !== from) await write(document, lock)
    return done
  }

  async function write(document: CacheDocument | undefined, lock: Lock): Promise<void> {
    if (document === undefined && slot.remove) {
      await slot.remove(lock)
      snapshot = NOTHING
      return
    }
    const parts = await codec.encode(document)
    if (parts.reduce((sum, { length }) => sum + length, 0) > MAX_BYTES)
      throw cacheError('too_large', `Cannot write ${slot.name}: it would be larger than ${MAX_BYTES} bytes`)
    const stamp = await slot.write(parts, lock)
    snapshot = { stamp, document: document ?? {} }
  }
}

/** What is as before is the same object as before. */
function checkDocument(next: CacheDocument | undefined, before: CacheDocument | undefined): CacheDocument | undefined {
  if (next === undefined) return undefined
  if (typeof next !== 'object' || next === null || Array.isArray(next))
    throw new TypeError('Cannot use what next returned: expected a cache document or undefined')
  try {
    const document = shareJson(next, before)
    checkJson(document, before)
    return document
  } catch (error) {
    throw new TypeError(`Cannot use what next returned: expected JSON, but it ${(error as Error).message}`, {
      cause: error,
    })
  }
}
