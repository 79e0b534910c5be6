import { isText } from '../arguments/expect.js'

/** The fields of a JSON object that others wrote: what is of the wrong type is as good as absent. */
export interface Fields {
  /**
   * Reads a text.
   *
   * @param name The field.
   * @returns The text, never blank.
   */
  readonly text: (name: string) => string | undefined
  /**
   * Reads a number of seconds.
   *
   * @param name The field.
   * @returns A whole number, also where it is written as a text.
   */
  readonly seconds: (name: string) => number | undefined
}

/**
 * Makes a JSON object readable field by field.
 *
 * @param object The object, or whatever else is in its place.
 * @returns Its fields.
 */
export function readFields(object: unknown): Fields {
  const fields = Object(object) as Record<string, unknown>
  const text = (name: string): string | undefined => {
    const value = fields[name]
    return isText(value) ? value : undefined
  }
  const seconds = (name: string): number | undefined => {
    const value = fields[name]
    const number = typeof value === 'object' ? NaN : Math.floor(Number(value))
    return Number.isNaN(number) ? undefined : number
  }
  return { text, seconds }
}
