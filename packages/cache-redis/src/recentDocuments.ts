import type { CacheDocument } from '@latchkey/core'

/** A document and the head of the record that it was read from. */
export interface RecentDocument {
  readonly head: string
  readonly document: CacheDocument
}

/** The documents that were used last: a look-up then neither decrypts nor parses, and finds its index. */
export interface RecentDocuments {
  /**
   * Finds a document.
   *
   * @param partition Whose.
   * @param value What is in Redis; what starts otherwise is another document.
   * @returns The document, where it is remembered.
   */
  find(partition: string, value: string): CacheDocument | undefined
  /**
   * Remembers a document, in place of the one that was not used for the longest time.
   *
   * @param partition Whose.
   * @param recent The document.
   */
  put(partition: string, recent: RecentDocument): void
  /**
   * Forgets a document.
   *
   * @param partition Whose.
   */
  forget(partition: string): void
}

/**
 * Makes room for documents.
 *
 * @param limit How many.
 * @returns The room.
 */
export function recentDocuments(limit: number): RecentDocuments {
  // In the order of their last use.
  const documents = new Map<string, RecentDocument>()
  const put = (partition: string, recent: RecentDocument): void => {
    documents.delete(partition)
    documents.set(partition, recent)
    if (documents.size > limit) documents.delete(documents.keys().next().value!)
  }
  return {
    find(partition, value) {
      const recent = documents.get(partition)
      if (!recent || !value.startsWith(recent.head)) return undefined
      put(partition, recent)
      return recent.document
    },
    put,
    forget: (partition) => void documents.delete(partition),
  }
}
