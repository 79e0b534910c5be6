/**
 * Leaves out what is `undefined`, so that a default can take its place and an error shows only what is known.
 *
 * @param fields Any fields, or none.
 * @returns Those with a value.
 */
export function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Fields
}
