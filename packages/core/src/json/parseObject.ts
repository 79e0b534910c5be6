/**
 * Reads a JSON object.
 *
 * @param text Any text.
 * @returns The object; `undefined` where the text is anything else.
 */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Tells whether a value is an object with names: not a list, not `null`.
 *
 * @param value Any value.
 * @returns Whether it is.
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
