import { constants } from 'node:fs'
import { link, lstat, open, rm, unlink, type FileHandle } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { systemCode } from '../cacheError.js'

/** Takes an advisory lock of the operating system on an open file; `false` where somebody else has it. */
export type Flock = (fd: number) => boolean

/** A file that is ours as long as it is there. */
export interface HeldFile {
  /** Whether the file at the path is still the one that we made. */
  isHeld(): Promise<boolean>
  /** Changes its time, which tells others that its owner lives. */
  touch(milliseconds: number): Promise<void>
  /** Removes it, if it is still ours. */
  release(): Promise<void>
}

/** A file that is ready to become a lock. */
export interface Ticket {
  /** Makes it the lock; `undefined` where there is one already. */
  claim(): Promise<HeldFile | undefined>
  /** Lets go of what was not claimed. */
  discard(): Promise<void>
}

/** What a lock file looks like: equal sights are of the same lock, untouched in between. */
export interface Sight {
  readonly text: string
  readonly identity: string
}

/** What `link` says where the file system has no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'UNKNOWN'])

/** On Windows, what says that somebody has the file open or is just removing it. */
const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY'])

/**
 * Writes a file aside, so that the lock appears with its content in one step: who dies in between leaves no lock without an owner.
 *
 * @param path Where the lock will be.
 * @param text Who we are.
 * @param flock Also takes this lock on it, for programs that look at nothing else.
 * @returns The ticket.
 */
export async function prepareFile(path: string, text: string, flock?: Flock): Promise<Ticket> {
  const aside = `${path}.${randomBytes(8).toString('hex')}.tmp`
  let handle: FileHandle | undefined = await openNew(aside, text, flock)
  let linked = true
  let renewed = false
  const ticket: Ticket = {
    async claim() {
      let own = handle
      try {
        if (linked) await link(aside, path)
        else own = await openNew(path, text, flock)
      } catch (error) {
        if (systemCode(error) === 'EEXIST') return undefined
        if (linked && systemCode(error) === 'ENOENT' && !renewed) {
          // Somebody swept it away before we had written who we are.
          renewed = true
          await handle?.close()
          handle = await openNew(aside, text, flock)
          return ticket.claim()
        }
        if (process.platform === 'win32' && !linked && BUSY.has(systemCode(error))) return undefined
        if (!linked || !NO_LINKS.has(systemCode(error))) throw error
        linked = false
        return ticket.claim()
      }
      if (own === handle) handle = undefined
      return held(path, own!)
    },
    async discard() {
      await handle?.close()
      await rm(aside, { force: true })
    },
  }
  return ticket
}

async function openNew(path: string, text: string, flock: Flock | undefined): Promise<FileHandle> {
  const handle = await open(path, 'wx', 0o600)
  try {
    flock?.(handle.fd)
    await handle.write(text)
    return handle
  } catch (error) {
    await handle.close()
    await rm(path, { force: true })
    throw error
  }
}

function held(path: string, handle: FileHandle): HeldFile {
  const isHeld = async (): Promise<boolean> => {
    const [own, there] = await Promise.all([
      handle.stat({ bigint: true }),
      lstat(path, { bigint: true }).catch(() => undefined),
    ])
    return there !== undefined && own.ino === there.ino && own.dev === there.dev
  }
  return {
    isHeld,
    touch: (milliseconds) => handle.utimes(milliseconds / 1000, milliseconds / 1000),
    async release() {
      try {
        if (await isHeld()) await unlink(path)
      } catch {
        // Somebody removed it for us, or nobody can: what was done under the lock is done, and the next one will see to it.
      } finally {
        await handle.close()
      }
    },
  }
}

/**
 * Looks at a lock.
 *
 * @param path Where it is.
 * @returns What is there; `undefined` where nothing is.
 */
export async function lookAtFile(path: string): Promise<Sight | undefined> {
  let handle: FileHandle | undefined
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    const there = await lstat(path, { bigint: true })
    // A link, a folder or a pipe in the lock's place has no text, and is as good a lock as any.
    if (!there.isFile()) return { text: '', identity: `${there.ino}:${there.mtimeNs}` }
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    const { ino, size, mtimeNs } = await handle.stat({ bigint: true })
    return { text: buffer.toString('utf8', 0, bytesRead), identity: `${ino}:${size}:${mtimeNs}` }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    // It is there, and cannot be read: another user's, or being removed.
    return { text: '', identity: systemCode(error) }
  } finally {
    await handle?.close()
  }
}
