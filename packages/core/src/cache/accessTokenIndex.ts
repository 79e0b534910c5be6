import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'

import { readAccessToken, type AccessToken } from './accessToken.js'
import { tokenGroup } from './tokenGroup.js'

/** The tokens of a group by lower-case scope, newest first. */
export type TokensByScope = Map<string, AccessToken[]>

interface Index {
  /** What the index was made of: `next` may have put another section into the document. */
  readonly section: CacheDocument['AccessToken']
  readonly groups: Map<string, TokensByScope>
}

const indexes = /* @__PURE__ */ new WeakMap<CacheDocument, Index>()

/**
 * Gives the tokens of a group, at a cost that does not grow with the document.
 *
 * @param document The document.
 * @param group As {@link tokenGroup} names it.
 * @returns The tokens.
 */
export function tokensOf(document: CacheDocument, group: string): TokensByScope | undefined {
  return indexOf(document).groups.get(group)
}

/**
 * Puts an access token into a document and its index.
 *
 * @param document The document, which is changed; a new one where there is none.
 * @param key The token's key.
 * @param entity The token; `undefined` removes what is there.
 * @returns The document.
 */
export function putAccessToken(
  document: CacheDocument = {},
  key: string,
  entity: CacheEntity | undefined,
): CacheDocument {
  const section = (document.AccessToken ??= {})
  const index = indexOf(document)
  const old = section[key]
  delete section[key]
  if (old) changeIndex(index, old, false)
  if (entity) changeIndex(index, (section[key] = entity), true)
  return document
}

function indexOf(document: CacheDocument): Index {
  const section = document.AccessToken
  let index = indexes.get(document)
  if (!index || index.section !== section) {
    index = { section, groups: new Map() }
    for (const key in section) changeIndex(index, section[key]!, true)
    indexes.set(document, index)
  }
  return index
}

/** Adds a token or takes it out; what is not an access token is left alone, and left in the document. */
function changeIndex({ groups }: Index, entity: CacheEntity, add: boolean): void {
  const token = readAccessToken(entity)
  if (!token) return
  const name = tokenGroup(entity)
  const group: TokensByScope = groups.get(name) ?? new Map()
  groups.set(name, group)
  for (const scope of token.scopes) {
    const lower = scope.toLowerCase()
    const others = (group.get(lower) ?? []).filter((other) => other.entity !== entity)
    group.set(lower, add ? [token, ...others] : others)
  }
}
