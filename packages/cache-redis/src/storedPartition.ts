import type { AuthError, CacheDocument } from '@latchkey/core'
import type { Content } from '@latchkey/core/internal'
import type { ChangeFeed } from './changeFeed.js'
import type { KeyNames } from './keyNames.js'
import { lifetime } from './lifetime.js'
import { parseDocument } from './parseDocument.js'
import { readRecord } from './record.js'
import type { CheckedOptions } from './RedisCacheOptions.js'
import type { RedisCommands } from './redisCommands.js'
import type { Sealer } from './sealer.js'

/** What reading and writing a partition takes. */
export interface Storage {
  readonly options: CheckedOptions
  readonly redis: RedisCommands
  readonly names: KeyNames
  readonly sealer: Sealer
  readonly feed: ChangeFeed
}

/** What a partition holds, and the head of its record. */
export interface Stored extends Content {
  readonly head: string
  readonly text: string
  readonly document: CacheDocument
}

/** How long what is put aside is kept, in milliseconds. */
const ASIDE = 30 * 86_400_000

/**
 * Reads a value that Redis gave.
 *
 * @param storage Where from.
 * @param partition The partition.
 * @param value Its value.
 * @returns What it holds; `undefined` where it was damaged and is now put aside.
 * @throws {AuthError} `cache_corrupt` when it cannot be read and stays where it is.
 */
export async function readStored(storage: Storage, partition: string, value: string): Promise<Stored | undefined> {
  const { options, redis, names, sealer } = storage
  const key = names.keyOf(partition)
  try {
    const record = readRecord(value)
    const text = await sealer.open(key, record)
    return { head: record.head, text, document: parseDocument(text) }
  } catch (thrown) {
    const error = thrown as AuthError
    // A missing key may be one that another machine has begun to use: that is no damage.
    const { onCorrupt } = options
    if (!onCorrupt || error.suberror === 'key_missing' || error.suberror === 'not_encrypted') throw error
    await redis.set(names.asideOf(partition, options.now()), value, ASIDE)
    const { done } = await redis.swap({ key, expected: value, lifetime: 0, ...change(storage, partition) })
    // In a turn of its own: a listener that throws must not break a sign-in.
    if (done) void Promise.resolve().then(() => onCorrupt(error, partition))
    return undefined
  }
}

/**
 * Writes a partition if nobody wrote since it was read.
 *
 * @param storage Where to.
 * @param partition The partition.
 * @param expected The head of what was read; `undefined` for none.
 * @param content What is to be there.
 * @returns The new head, or what is there instead.
 */
export async function writeStored(
  storage: Storage,
  partition: string,
  expected: string | undefined,
  { text, document }: Content,
): Promise<{ done: true; head?: string | undefined } | { done: false; current: string | undefined }> {
  const { options, redis, names, sealer } = storage
  const key = names.keyOf(partition)
  const sealed = text === undefined ? undefined : await sealer.seal(key, text)
  const seconds = document ? lifetime(document, options.refreshTokenLifetime, options.now() / 1000) : 0
  const write = { key, expected, value: sealed?.value, lifetime: seconds, ...change(storage, partition) }
  const outcome = await redis.swap(write)
  return outcome.done ? { done: true, head: sealed?.head } : outcome
}

const change = ({ names, feed }: Storage, partition: string): { channel: string; message: string } => ({
  channel: names.channel,
  message: feed.messageOf(partition),
})
