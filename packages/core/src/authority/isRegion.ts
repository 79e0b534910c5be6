/**
 * Tells whether a value can name a region.
 *
 * @param value Any value.
 * @returns Whether it can.
 */
export function isRegion(value: unknown): value is string {
  return /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(`${value}`)
}
