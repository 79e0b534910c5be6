import { readFields } from '@latchkey/core/internal'

/**
 * Reads a text of an answer, cut where it is very long; a number counts as text.
 *
 * @param object The object, or whatever else is in its place.
 * @param name The field.
 * @returns The text; `undefined` where there is none.
 */
export function textOf(object: unknown, name: string): string | undefined {
  const value = (Object(object) as Record<string, unknown>)[name]
  return (typeof value === 'number' ? `${value}` : readFields(object).text(name))?.slice(0, 4096)
}
