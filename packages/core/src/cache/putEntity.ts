import { canonicalHost } from '../authority/clouds.js'
import { isObject } from '../json/parseObject.js'
import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'

/**
 * Tells whether two entities are of the same thing, though written by different MSALs.
 *
 * @param one An entity, or whatever else is in its place.
 * @param other Another.
 * @param fields The fields that say what it is of; names of one cloud are equal in `environment`.
 * @returns Whether they are.
 */
export function isSameEntity(one: unknown, other: CacheEntity, fields: readonly string[]): one is CacheEntity {
  return isObject(one) && fields.every((field) => comparable(one, field) === comparable(other, field))
}

/**
 * Puts an entity into a section that has no index: in place of the same one under whatever key, without losing what others wrote into
 * it; else under its own key, made longer where another has it, such as one that was got for an assertion.
 *
 * @param document The document, which is changed.
 * @param name The section.
 * @param key MSAL Python's key.
 * @param entity The entity.
 * @param fields The fields that say what it is of.
 */
export function putEntity(
  document: CacheDocument,
  name: string,
  key: string,
  entity: CacheEntity,
  fields: readonly string[],
): void {
  const section = (document[name] ??= {})
  const [same] = Object.keys(section).filter((other) => isSameEntity(section[other], entity, fields))
  while (!same && section[key]) key += '-'
  section[same ?? key] = { ...(same && section[same]), ...entity }
}

function comparable(entity: CacheEntity, field: string): unknown {
  const value = entity[field]
  return typeof value !== 'string'
    ? value
    : field === 'environment'
      ? canonicalHost(value)
      : /realm|target/.test(field)
        ? value.toLowerCase()
        : value
}
