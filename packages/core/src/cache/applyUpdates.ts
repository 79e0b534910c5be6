import { expect } from '../arguments/expect.js'
import { isObject } from '../json/parseObject.js'
import type { CacheDocument } from '../ports/cacheStore.js'

/** What a caller of `update` gives. */
export type Next = (current: CacheDocument | undefined) => CacheDocument | undefined

/** A document and its JSON; both `undefined` for none. */
export interface Content {
  /** The JSON. */
  readonly text: string | undefined
  /** The document, nobody else's. */
  readonly document: CacheDocument | undefined
}

/** What came of some updates. */
export interface Applied extends Content {
  /** What each update threw, in its place. */
  readonly failures: readonly ({ readonly error: unknown } | undefined)[]
}

/**
 * Applies updates one after the other; one that throws changes nothing.
 *
 * @param content What there is; its document may be changed.
 * @param updates The updates.
 * @param parse Reads the JSON anew after an update that threw half-way.
 * @returns What there is afterwards.
 */
export function applyUpdates(
  content: Content,
  updates: readonly Next[],
  parse: (text: string) => CacheDocument,
): Applied {
  let { text, document } = content
  const failures = updates.map((next) => {
    try {
      const result = next(document)
      expect(result === undefined || isObject(result), "next's result", 'a document or undefined')
      text = result && JSON.stringify(result)
      document = result
      return undefined
    } catch (error) {
      document = text === undefined ? undefined : parse(text)
      return { error }
    }
  })
  return { text, document, failures }
}
