import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'

import { readAccessToken, type AccessToken } from './accessToken.js'
import { tokenGroup } from './tokenGroup.js'

/** The tokens of a group. */
export interface TokenGroup {
  /** The newest token that has a scope, in the token's own spelling: what almost every look-up wants. */
  readonly newest: Map<string, AccessToken>
  /** All tokens that have a scope, by its lower case, oldest first. */
  readonly all: Map<string, AccessToken[]>
}

interface Index {
  /** What the index was made of: `next` may have put another section into the document. */
  readonly section: CacheDocument['AccessToken']
  readonly groups: Map<string, TokenGroup>
}

const indexes = /* @__PURE__ */ new WeakMap<CacheDocument, Index>()

/**
 * Gives the tokens of a group, at a cost that does not grow with the document.
 *
 * @param document The document.
 * @param group As {@link tokenGroup} names it.
 * @returns The tokens.
 */
export function tokensOf(document: CacheDocument, group: string): TokenGroup | undefined {
  return indexOf(document).groups.get(group)
}

/**
 * Puts an access token into a document and its index.
 *
 * @param document The document, which is changed.
 * @param key The token's key.
 * @param entity The token; `undefined` removes what is there.
 */
export function putAccessToken(document: CacheDocument, key: string, entity: CacheEntity | undefined): void {
  const section = (document.AccessToken ??= {})
  const index = indexOf(document)
  const old = section[key]
  delete section[key]
  if (old) changeIndex(index, old, false)
  if (entity) changeIndex(index, (section[key] = entity), true)
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
  const group: TokenGroup = groups.get(name) ?? { newest: new Map(), all: new Map() }
  groups.set(name, group)
  for (const scope of token.scopes) {
    const lower = scope.toLowerCase()
    const tokens = group.all.get(lower) ?? []
    if (add) {
      tokens.push(token)
      group.all.set(lower, tokens)
      group.newest.set(scope, token)
    } else {
      tokens.splice(tokens.findIndex((other) => other.entity === entity), 1)
      group.newest.delete(scope)
    }
  }
}
