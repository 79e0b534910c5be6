import type { CacheStore } from '@latchkey/core'
import { applyUpdates, batches, expect, type Applied, type Next } from '@latchkey/core/internal'
import { cacheError } from './cacheError.js'
import { changeFeed } from './changeFeed.js'
import { keyNames } from './keyNames.js'
import { keyRing } from './keyRing.js'
import { parseDocument } from './parseDocument.js'
import { recentDocuments } from './recentDocuments.js'
import { checkOptions, type RedisCacheOptions } from './RedisCacheOptions.js'
import { redisCommands } from './redisCommands.js'
import { encryptingSealer, plainSealer } from './sealer.js'
import { readStored, writeStored, type Storage } from './storedPartition.js'

/** After so many lost races something is wrong. */
const MAX_RACES = 200

/**
 * Keeps each partition under a key of its own in Redis, for many processes and machines.
 *
 * A write takes place only where nobody wrote since it was read; else the update is done again with what is there then, so that
 * nothing is lost. Each read asks Redis.
 *
 * @param options The connection, and how tokens are kept.
 * @returns A store for a client's `cache` option.
 * @throws {TypeError} where an option is wrong. Its operations reject with an `AuthError`: `cache_corrupt` for what cannot be read,
 * `network_error` and `timeout` without a connection, `cache_locked` where Redis refuses a command.
 */
export function redisCache(options: RedisCacheOptions): CacheStore {
  const checked = checkOptions(options)
  const { client, prefix, keys, timeout, remember, list, subscriber } = checked
  const names = keyNames(prefix)
  const redis = redisCommands(client, timeout)
  const sealer = keys.length > 0 ? encryptingSealer(keyRing(keys)) : plainSealer
  const feed = changeFeed(names.channel)
  const storage: Storage = { options: checked, redis, names, sealer, feed }
  const recent = recentDocuments(remember)
  const inTurn = batches(updateStored)

  return {
    async get(partition) {
      checkPartition(partition)
      const value = await redis.get(names.keyOf(partition))
      if (value === undefined) {
        recent.forget(partition)
        return undefined
      }
      const known = recent.find(partition, value)
      if (known) return known
      const stored = await readStored(storage, partition, value)
      // Another call may have read the same meanwhile: the index is that object's.
      const same = stored && recent.find(partition, value)
      if (same) return same
      if (stored) recent.put(partition, stored)
      return stored?.document
    },

    async update(partition, next) {
      checkPartition(partition)
      expect(typeof next === 'function', 'next', 'a function')
      await inTurn(partition, next)
    },

    ...(list && {
      async partitions() {
        const found = new Set<string>()
        for await (const key of redis.scan(names.pattern)) {
          const partition = names.partitionOf(key)
          if (partition !== undefined) found.add(partition)
        }
        return found
      },
    }),

    ...(subscriber && {
      subscribe(listener: (partition: string) => void) {
        expect(typeof listener === 'function', 'listener', 'a function')
        return feed.listen(subscriber, listener)
      },
    }),
  }

  async function updateStored(partition: string, updates: Next[]): Promise<Applied['failures']> {
    let value = await redis.get(names.keyOf(partition))
    for (let race = 0; race < MAX_RACES; race++) {
      const stored = value === undefined ? undefined : await readStored(storage, partition, value)
      const applied = applyUpdates({ text: stored?.text, document: stored?.document }, updates, parseDocument)
      if (applied.text === stored?.text) return applied.failures
      const written = await writeStored(storage, partition, stored?.head, applied)
      if (written.done) {
        const { document } = applied
        if (document && written.head) recent.put(partition, { head: written.head, document })
        return applied.failures
      }
      value = written.current
      if (race > 2) await pause(Math.random() * Math.min(race, 20))
    }
    throw cacheError('cache_locked', 'lock_timeout', `others wrote to a partition ${MAX_RACES} times in a row`)
  }
}

function checkPartition(partition: unknown): void {
  expect(typeof partition === 'string', 'partition', 'a text')
}

const pause = async (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
