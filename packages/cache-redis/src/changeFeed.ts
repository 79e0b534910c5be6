import type { RedisSubscriber } from './RedisClient.js'

/** Tells of changes, and hears of those of others. */
export interface ChangeFeed {
  /**
   * Makes the message that says what changed.
   *
   * @param partition What changed.
   * @returns The message.
   */
  messageOf(partition: string): string
  /**
   * Listens for the changes of others.
   *
   * @param subscriber The connection.
   * @param listener Called with what changed.
   * @returns A function that ends it.
   */
  listen(subscriber: RedisSubscriber, listener: (partition: string) => void): () => void
}

/**
 * Makes a feed.
 *
 * @param channel The channel that all instances share.
 * @returns The feed.
 */
export function changeFeed(channel: string): ChangeFeed {
  // Made when first needed: some runtimes have no randomness before the first request.
  let id: string | undefined
  const ownId = (): string => (id ??= crypto.randomUUID())
  return {
    messageOf: (partition) => JSON.stringify([ownId(), partition]),
    listen(subscriber, listener) {
      let ended = false
      const hear = (message: string): void => {
        const partition = ended ? undefined : readMessage(message, ownId())
        // In a turn of its own, so that a listener that throws does not break the connection.
        if (partition !== undefined) void Promise.resolve(partition).then((name) => ended || listener(name))
      }
      // A connection that is down listens once it is up; there is nobody here to tell.
      const ignore = (): void => undefined
      const started = subscriber.subscribe(channel, hear).catch(ignore)
      return () => {
        if (ended) return
        ended = true
        void started.then(() => subscriber.unsubscribe(channel, hear)).catch(ignore)
      }
    },
  }
}

/** Whoever may publish can send anything. */
function readMessage(message: string, ownId: string): string | undefined {
  try {
    const parts: unknown = JSON.parse(message)
    if (!Array.isArray(parts)) return undefined
    const [id, partition]: unknown[] = parts
    return typeof partition === 'string' && id !== ownId ? partition : undefined
  } catch {
    return undefined
  }
}
