import type { FileContent } from '../file/readTrusted.js'
import type { FileStamp } from '../file/fileStamp.js'
import type { Lock } from '../lock/withLock.js'

/** A place for the bytes of one cache document: a file, or an item of a vault. */
export interface Slot {
  /** What messages call it. */
  readonly name: string
  /** Whether other programs write it without our care: half of it may be there, without being damaged. */
  readonly writtenInPlace: boolean
  /** Looks whether it changed, in line. */
  stamp(): FileStamp
  /** Reads it. */
  read(): Promise<FileContent>
  /** Replaces it, while the lock is held. */
  write(parts: readonly Uint8Array[], lock: Lock): Promise<FileStamp>
  /** Removes it, while the lock is held; absent where it is emptied instead. */
  remove?(lock: Lock): Promise<void>
  /** Moves a damaged content out of the way, while the lock is held; says where to. */
  setAside(bytes: Uint8Array): Promise<string>
}
