import type { CacheDocument } from '@latchkey/core'
import { CUT, cutToken } from './cutToken.js'

/**
 * Puts cut tokens back into a cache that a person edited: only what is in the present cache comes back.
 *
 * @param json The edited text.
 * @param present The document that the cache holds now.
 * @returns The text with whole tokens.
 * @throws {TypeError} when a token was cut and is not in the present cache.
 */
export function restoreTokens(json: string, present: CacheDocument): string {
  const whole = new Map<string, string>()
  for (const section of Object.values(present))
    for (const [key, { secret }] of Object.entries(section ?? {}))
      if (typeof secret === 'string') whole.set(cutToken(secret), secret).set(key, secret)
  let edited: Record<string, Record<string, { secret?: unknown }>>
  try {
    edited = Object(JSON.parse(json))
  } catch {
    return json // the cache itself says what is wrong with it
  }
  for (const section of Object.values(edited))
    for (const [key, entity] of Object.entries(Object(section) as typeof section)) {
      const secret = entity?.secret
      if (typeof secret !== 'string' || !secret.endsWith(CUT)) continue
      const found = secret === CUT ? whole.get(key) : whole.get(secret)
      if (found === undefined)
        throw new TypeError(`Cannot load the cache: the token under ${key} is cut, and is not here`)
      entity.secret = found
    }
  return JSON.stringify(edited)
}
