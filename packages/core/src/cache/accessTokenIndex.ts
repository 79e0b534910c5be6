import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'
import { accessTokenKey, readAccessToken, type AccessToken } from './accessToken.js'
import { tokenGroup } from './tokenGroup.js'

type Section = Record<string, CacheEntity>
/** Access tokens by group and lower-case scope, newest first. */
type Index = Map<string, Map<string, AccessToken[]>>

/** By the section that it was made of: `next` may have put another one into the document. */
const indexes = /* @__PURE__ */ new WeakMap<Section, Index>()

/** What was read of an entity. */
export const readings: WeakMap<CacheEntity, AccessToken> = /* @__PURE__ */ new WeakMap()
let uses = 0

/**
 * Gives the tokens of a group that have all of some scopes, at a cost that does not grow with the document.
 *
 * @param document The document.
 * @param group As {@link tokenGroup} names it.
 * @param scopes The scopes, compared without case.
 * @returns The tokens, newest first.
 */
export function tokensWith(
  { AccessToken: section = {} }: CacheDocument,
  group: string,
  scopes: readonly string[],
): readonly AccessToken[] {
  const byScope = indexOf(section).get(group)
  const listOf = (scope: string): AccessToken[] => byScope?.get(scope.toLowerCase()) ?? []
  const tokens = listOf(scopes[0]!)
  return scopes[1] ? tokens.filter((token) => scopes.every((scope) => listOf(scope).includes(token))) : tokens
}

/**
 * Notes that a token was written or handed out.
 *
 * @param token The token.
 */
export function noteUse(token: AccessToken): void {
  token.usedAt = ++uses
}

/**
 * Puts an access token into a document and its index: in place of the one for the same scopes, under whatever key that is and without
 * losing what others wrote into it; else under MSAL Python's key, made longer where another owner's has it.
 *
 * @param document The document, which is changed; a new one where there is none.
 * @param entity The token.
 * @param isCapable Whether its client can answer claims challenges.
 * @returns The document.
 */
export function putAccessToken(document: CacheDocument = {}, entity: CacheEntity, isCapable: boolean): CacheDocument {
  const section = (document.AccessToken ??= {})
  const { scopes } = readAccessToken(entity)!
  // A document that is changed is often a copy, whose index would serve this once. In every MSAL's keys are the scopes, in lower case.
  const isLikely = ([key]: [string, unknown]) => key.includes(scopes[0]!.toLowerCase())
  const likely = indexes.has(section) ? section : Object.fromEntries(Object.entries(section).filter(isLikely))
  const same = tokensWith({ AccessToken: likely }, tokenGroup(entity), scopes).find(
    (token) => token.scopes.length === scopes.length,
  )
  let key = same?.key ?? accessTokenKey(entity)
  if (same) removeEntity(document, 'AccessToken', key)
  while (section[key]) key += '-'
  section[key] = { ...same?.entity, ...entity }
  changeIndex(section, key, { isCapable, usedAt: ++uses })
  return document
}

/**
 * Takes an entity out of a document, and out of its index where it is an access token.
 *
 * @param document The document, which is changed.
 * @param name The section.
 * @param key Where the entity is.
 */
export function removeEntity(document: CacheDocument, name: string, key: string): void {
  const section = document[name]!
  if (name === 'AccessToken') changeIndex(section, key)
  delete section[key]
}

function indexOf(section: Section): Index {
  const known = indexes.get(section)
  const index = known ?? new Map()
  if (!known) {
    indexes.set(section, index)
    for (const key in section) changeIndex(section, key, {})
  }
  return index
}

/** Puts a token before the others, or takes it out; what is not an access token is left alone, and left in the document. */
function changeIndex(section: Section, key: string, add?: Partial<AccessToken>): void {
  const entity = section[key]!
  const token = readings.get(entity) ?? readAccessToken(entity, key)
  if (!token) return
  readings.set(entity, Object.assign(token, add))
  const index = indexes.get(section)
  if (!index) return
  const name = (token.group ??= tokenGroup(entity))
  const group = index.get(name) ?? new Map<string, AccessToken[]>()
  index.set(name, group)
  for (const scope of token.scopes) {
    const lower = scope.toLowerCase()
    const others = (group.get(lower) ?? []).filter((other) => other.entity !== entity)
    group.set(lower, add ? [token, ...others] : others)
  }
}
