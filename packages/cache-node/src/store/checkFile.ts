import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { cacheError } from '../cacheError.js'
import { replaceFile } from '../file/replaceFile.js'
import { withLock, type LockOptions } from '../lock/withLock.js'
import type { Machine } from '../machine.js'
import { Damaged, type Codec } from './Codec.js'
import type { Slot } from './Slot.js'

/** What is tried. */
export interface FileUnderTest {
  readonly slot: Slot
  readonly codec: Codec
  /** Gets the key of a new cache, where it takes one. */
  readonly tryKey?: (() => Promise<unknown>) | undefined
  readonly path: string
  readonly machine: Machine
  readonly lock: LockOptions
}

/**
 * Tries everything that keeping a cache takes, and leaves the cache as it is: reads it, gets the key, writes a file beside it.
 *
 * @param file What is tried.
 * @throws {AuthError} with what does not work.
 */
export async function checkFile({ slot, codec, tryKey, path, machine, lock }: FileUnderTest): Promise<void> {
  const { bytes } = await slot.read()
  if (bytes) {
    try {
      await codec.decode(bytes)
    } catch (error) {
      if (!(error instanceof Damaged)) throw error
      throw cacheError('damaged', `Cannot read ${slot.name}: it ${error.message}; the next use will move it aside`)
    }
  } else {
    await tryKey?.()
  }
  const trial = `${path}.${randomBytes(4).toString('hex')}.trial`
  await withLock(`${trial}.lockfile`, lock, async (held) => {
    try {
      await replaceFile(trial, [Buffer.from('a trial')], { machine, lock: held })
    } finally {
      await rm(trial, { force: true })
    }
  })
}
