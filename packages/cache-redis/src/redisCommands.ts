import { cacheError, redisError } from './cacheError.js'
import type { RedisClient } from './RedisClient.js'

/** Replaces a value only where its start is what was read, and says what is there where it is not. */
const SWAP = `
local current = redis.call('GET', KEYS[1])
local same
if ARGV[1] == '0' then same = not current
else same = current and string.sub(current, 1, #ARGV[2]) == ARGV[2] end
if not same then return { current } end
if ARGV[3] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[4] == '' then redis.call('SET', KEYS[1], ARGV[3])
else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
redis.pcall('PUBLISH', ARGV[5], ARGV[6])
return 1`

/** A write that takes place only if nobody wrote meanwhile. */
export interface Swap {
  readonly key: string
  /** What the value must start with; `undefined` where there must be none. */
  readonly expected: string | undefined
  /** `undefined` for none. */
  readonly value?: string | undefined
  /** Seconds; `Infinity` for ever. */
  readonly lifetime: number
  readonly channel: string
  readonly message: string
}

/** The commands that are used, each with a time limit; they reject with errors of ours only. */
export interface RedisCommands {
  /** Reads a value. */
  get(key: string): Promise<string | undefined>
  /** Writes a value without looking; milliseconds. */
  set(key: string, value: string, lifetime: number): Promise<void>
  /** Writes a value if it can; else says what is there. */
  swap(swap: Swap): Promise<{ readonly done: true } | { readonly done: false; readonly current: string | undefined }>
  /** Lists keys; each may come several times. */
  scan(pattern: string): AsyncGenerator<string>
}

/**
 * Makes commands.
 *
 * @param client The connection.
 * @param timeout For each command, in milliseconds.
 * @returns The commands.
 */
export function redisCommands(client: RedisClient, timeout: number): RedisCommands {
  const send = async (...args: string[]): Promise<unknown> => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(cacheError('timeout', 'timeout', `no answer within ${timeout} ms; is the client connected?`)),
        timeout,
      )
    })
    try {
      return await Promise.race([client.sendCommand(args), late])
    } catch (error) {
      throw redisError(error)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    get: async (key) => text(await send('GET', key)),
    async set(key, value, lifetime) {
      await send('SET', key, value, 'PX', String(lifetime))
    },
    async swap({ key, expected, value = '', lifetime, channel, message }) {
      const milliseconds = Number.isFinite(lifetime) ? String(Math.ceil(lifetime * 1000)) : ''
      const head = expected === undefined ? ['0', ''] : ['1', expected]
      const reply = await send('EVAL', SWAP, '1', key, ...head, value, milliseconds, channel, message)
      return Array.isArray(reply) ? { done: false, current: text(reply[0]) } : { done: true }
    },
    async *scan(pattern) {
      let cursor = '0'
      do {
        const reply = await send('SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000')
        if (!Array.isArray(reply) || !Array.isArray(reply[1])) throw unusable()
        cursor = text(reply[0]) ?? '0'
        for (const key of reply[1]) yield text(key) ?? ''
      } while (cursor !== '0')
    },
  }
}

/** Clients can be set to give bytes. */
function text(reply: unknown): string | undefined {
  if (reply === null || reply === undefined) return undefined
  if (typeof reply === 'string') return reply
  if (reply instanceof Uint8Array) return new TextDecoder().decode(reply)
  if (typeof reply === 'number') return String(reply)
  throw unusable()
}

const unusable = (): Error => cacheError('invalid_response', 'not_redis', 'the client gave a reply that is not Redis’s')
