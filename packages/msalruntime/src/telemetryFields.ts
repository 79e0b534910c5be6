import { parseObject } from '@latchkey/core/internal'

const limit = 100
const personal = /account|device|email|hint|home|name_?id|object_?id|oid|puid|tenant|upn|user|wam/i
/** Words, numbers, versions and ids: nothing that a person wrote, and no token. */
const harmless = /^[\w.:+-]{0,64}$/

/**
 * Reads what the library says of an operation, without what concerns people.
 *
 * @param telemetry The library's JSON text.
 * @returns Its fields, as texts; `(pii)` where something is left out, `undefined` where there is none.
 */
export function telemetryFields(telemetry: string | undefined): Record<string, string> | undefined {
  const fields = Object.entries(parseObject(telemetry ?? '') ?? {}).slice(0, limit)
  if (fields.length === 0) return undefined
  return Object.fromEntries(
    fields
      .filter(([name]) => /^[\w ]{1,64}$/.test(name))
      .map(([name, value]) => [name, personal.test(name) || !isHarmless(value) ? '(pii)' : String(value)]),
  )
}

function isHarmless(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && harmless.test(String(value))
}
