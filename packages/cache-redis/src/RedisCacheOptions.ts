import type { AuthError } from '@latchkey/core'
import { expect } from '@latchkey/core/internal'
import type { RedisClient, RedisSubscriber } from './RedisClient.js'

/** How {@link redisCache} keeps tokens. */
export interface RedisCacheOptions {
  /** The connection; it stays yours: you connect it, listen for its `error` events and close it. */
  readonly client: RedisClient
  /** What the names of all keys begin with. Default `latchkey:`. */
  readonly prefix?: string | undefined
  /**
   * Encrypts values with AES-256-GCM: 32 random bytes, or a list of these, newest first; the first encrypts, all decrypt. The
   * partitions' names, which hold ids of users, tenants and apps, are not encrypted. Default: plain JSON.
   */
  readonly encryptionKey?: Uint8Array | readonly Uint8Array[] | undefined
  /**
   * For how long a partition is kept after its refresh token was got, in seconds, because a refresh token does not say when it is over;
   * `Infinity` for ever. Default 90 days, which is Entra's.
   */
  readonly refreshTokenLifetime?: number | undefined
  /** The time limit of each command, in milliseconds: clients wait for a lost connection without one. Default 5000. */
  readonly timeout?: number | undefined
  /** How many documents are also kept in memory, so that a look-up need not decrypt and parse them again. Default 1000. */
  readonly remember?: number | undefined
  /** Whether `partitions()` lists keys with SCAN; turn it off where no single node has them all. Default `true`. */
  readonly list?: boolean | undefined
  /** A connection for `subscribe`; with node-redis 6 it can be the client itself. Default: no `subscribe`. */
  readonly subscriber?: RedisSubscriber | undefined
  /**
   * Is given the report (`cache_corrupt`) of a damaged value and the partition's name; the value is then kept for 30 days under a key of
   * another name, and the partition begins anew. Without it, a damaged value stays where it is and every call for it rejects.
   */
  readonly onCorrupt?: ((error: AuthError, partition: string) => void) | undefined
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** The same, complete. */
export type CheckedOptions = Pick<RedisCacheOptions, 'client' | 'subscriber' | 'onCorrupt'> & {
  readonly [Name in 'prefix' | 'refreshTokenLifetime' | 'timeout' | 'remember' | 'list' | 'now']: NonNullable<
    RedisCacheOptions[Name]
  >
} & {
  /** Newest first; none for plain JSON. */
  readonly keys: readonly Uint8Array[]
}

/**
 * Checks the options.
 *
 * @param options As given.
 * @returns The options, complete.
 * @throws {TypeError} where one is wrong.
 */
export function checkOptions(options: RedisCacheOptions): CheckedOptions {
  expect(typeof options === 'object' && options !== null, 'the options', 'an object with a client')
  const { client, prefix = 'latchkey:', encryptionKey, refreshTokenLifetime = 90 * 86_400, timeout = 5000 } = options
  const { remember = 1000, list = true, subscriber, onCorrupt, now = Date.now } = options
  expect(isMethod(client?.sendCommand), 'client', 'a connection with sendCommand(args)')
  expect(typeof prefix === 'string' && prefix.isWellFormed(), 'prefix', 'a text')
  const keys: unknown = encryptionKey instanceof Uint8Array ? [encryptionKey] : (encryptionKey ?? [])
  expect(
    Array.isArray(keys) && keys.every(isKey) && (keys.length > 0 || encryptionKey === undefined),
    'encryptionKey',
    'a Uint8Array of 32 bytes, or a list of these, newest first',
  )
  expect(isNumber(refreshTokenLifetime) && refreshTokenLifetime > 0, 'refreshTokenLifetime', 'seconds, or Infinity')
  expect(isNumber(timeout) && timeout > 0 && timeout < 2 ** 31, 'timeout', 'milliseconds')
  expect(Number.isInteger(remember) && remember >= 0, 'remember', 'a number of documents')
  expect(typeof list === 'boolean', 'list', 'a boolean')
  expect(
    subscriber === undefined || (isMethod(subscriber?.subscribe) && isMethod(subscriber.unsubscribe)),
    'subscriber',
    'a connection with subscribe and unsubscribe',
  )
  expect(onCorrupt === undefined || isMethod(onCorrupt), 'onCorrupt', 'a function')
  expect(isMethod(now), 'now', 'a function')
  return { client, prefix, keys, refreshTokenLifetime, timeout, remember, list, subscriber, onCorrupt, now }
}

const isMethod = (value: unknown): boolean => typeof value === 'function'
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value)
const isKey = (key: unknown): key is Uint8Array => key instanceof Uint8Array && key.length === 32
