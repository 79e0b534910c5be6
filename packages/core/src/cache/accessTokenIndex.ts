import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'
import { readAccessToken, type AccessToken } from './accessToken.js'
import { tokenGroup } from './tokenGroup.js'

/** An access token and those of its group, by lower-case scope. */
export interface IndexedToken extends AccessToken {
  readonly group: Map<string, IndexedToken[]>
}

interface Index {
  /** What the index was made of: `next` may have put another section into the document. */
  readonly section: CacheDocument['AccessToken']
  readonly byKey: Map<string, IndexedToken>
  readonly groups: Map<string, IndexedToken['group']>
}

const indexes = /* @__PURE__ */ new WeakMap<CacheDocument, Index>()

/**
 * Lists the tokens of a group that have one scope, at a cost that does not grow with the document.
 *
 * @param document The document.
 * @param group As {@link tokenGroup} names it.
 * @param scope A scope in lower case.
 * @returns The tokens, oldest first.
 */
export function tokensWithScope(document: CacheDocument, group: string, scope: string): readonly IndexedToken[] | undefined {
  return indexOf(document).groups.get(group)?.get(scope)
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
  const old = index.byKey.get(key)
  index.byKey.delete(key)
  old?.scopes.forEach((scope) => {
    const tokens = old.group.get(scope.toLowerCase())!
    tokens.splice(tokens.indexOf(old), 1)
  })
  if (entity) addToken(index, key, (section[key] = entity))
  else delete section[key]
}

function indexOf(document: CacheDocument): Index {
  const section = document.AccessToken
  let index = indexes.get(document)
  if (!index || index.section !== section) {
    index = { section, byKey: new Map(), groups: new Map() }
    for (const key in section) addToken(index, key, section[key])
    indexes.set(document, index)
  }
  return index
}

/** What is not an access token is left alone, and left in the document. */
function addToken({ byKey, groups }: Index, key: string, entity: CacheEntity | undefined): void {
  const read = entity && readAccessToken(entity)
  if (!read) return
  const text = (name: string): string => String(entity[name] ?? '')
  const name = tokenGroup({
    clientId: text('client_id'),
    environment: text('environment'),
    realm: text('realm'),
    homeAccountId: text('home_account_id'),
    tokenType: read.tokenType,
    keyId: text('key_id') || text('kid'),
    assertionHash: text('userAssertionHash') || text('user_assertion_hash'),
  })
  const group: IndexedToken['group'] = groups.get(name) ?? new Map()
  const token = { ...read, group }
  groups.set(name, group)
  byKey.set(key, token)
  for (const scope of read.scopes) {
    const lower = scope.toLowerCase()
    const tokens = group.get(lower)
    if (tokens) tokens.push(token)
    else group.set(lower, [token])
  }
}
