import type { Emulator } from '@latchkey/emulator'

/** Asks an emulator for an app token; a field of value undefined is left out. */
export function requestToken(
  emulator: Emulator,
  fields: Record<string, string | undefined> = {},
  { tenant = emulator.defaults.tenantId, host = 'https://login.microsoftonline.com', init = {} } = {},
): Promise<Response> {
  const { clientId, clientSecret, scope } = emulator.defaults
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope, ...fields }
  const body = new URLSearchParams(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  return emulator.fetch(`${host}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body, ...init })
}
