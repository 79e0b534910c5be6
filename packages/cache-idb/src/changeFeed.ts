/** Tells other tabs and workers of changes, and hears of theirs. */
export interface ChangeFeed {
  /**
   * Tells what changed.
   *
   * @param partition The partition.
   */
  tell(partition: string): void
  /**
   * Listens.
   *
   * @param listener Called with what changed elsewhere.
   * @returns A function that ends it.
   */
  listen(listener: (partition: string) => void): () => void
}

/**
 * Makes a feed.
 *
 * @param Channel The browser's.
 * @param name What all instances share.
 * @returns The feed.
 */
export function changeFeed(Channel: typeof BroadcastChannel, name: string): ChangeFeed {
  // One for both, because a channel does not hear itself.
  let channel: BroadcastChannel | undefined
  const open = (): BroadcastChannel => (channel ??= new Channel(name))
  return {
    tell(partition) {
      try {
        open().postMessage(partition)
      } catch {
        // What was written is written; the others see it when they look.
      }
    },
    listen(listener) {
      const hear = ({ data }: MessageEvent<unknown>): void => {
        if (typeof data === 'string') listener(data)
      }
      const own = open()
      own.addEventListener('message', hear)
      return () => own.removeEventListener('message', hear)
    },
  }
}
