import { readClaims } from '../claimsRequest.js'
import type { DeviceCode } from '../DeviceCode.js'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import { randomBase64url } from '../randomBase64url.js'
import { remember } from '../remember.js'
import { readScopes } from '../scopes.js'
import { resolveTenantPath, type PathSegments } from '../tenantPath.js'

/** Without vowels and what can be mistaken. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ23456789'

/**
 * Answers the device authorization endpoint.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param segments What its path names.
 * @returns The codes, and where to enter one.
 * @throws {EntraError} when the request is refused.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.1 RFC 8628, section 3.1}
 */
export function deviceAuthorization(service: Service, exchange: Exchange, segments: PathSegments): Response {
  const { directory, memory, deviceCodeInterval: interval, deviceCodeLifetime: lifetime } = service
  const { form, url, now } = exchange
  const path = resolveTenantPath(directory, url, segments)
  const names = [...form.keys()]
  if (new Set(names).size < names.length) throw new EntraError(9002313, { reason: 'a parameter is repeated' })
  const clientId = form.get('client_id')
  if (!clientId) throw new EntraError(900144, { parameter: 'client_id' })
  const client = path.tenant ? directory.findApp(path.tenant.id, clientId) : directory.apps.get(clientId.toLowerCase())
  if (!client) throw new EntraError(700016, { app: clientId, tenant: path.tenant?.name ?? path.segment })
  if (client.isDisabled) throw new EntraError(7000112, { app: clientId })
  const isAdfs = path.shape === 'adfs'
  const scope = isAdfs ? `${form.get('scope') || 'openid'} ${form.get('resource') ?? ''}`.trim() : form.get('scope')
  if (!scope) throw new EntraError(900144, { parameter: 'scope' })
  if (!isAdfs) readScopes(directory, client, path.tenant?.id ?? client.tenantId, scope)

  const userCode = randomUserCode()
  const entry: DeviceCode = {
    userCode,
    request: { ...{ client, path, scope, prompts: new Set() }, claims: readClaims(form.get('claims')) },
    expiresAt: now + lifetime * 1000,
    interval,
    state: 'pending',
  }
  const deviceCode = randomBase64url(48)
  remember(memory.deviceCodes, deviceCode, entry)
  const verificationUri = isAdfs ? `${url.origin}/adfs/oauth2/deviceauth` : `${url.origin}/devicelogin`
  return Response.json(
    {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: verificationUri,
      expires_in: lifetime,
      interval,
      message: `To sign in, open the page ${verificationUri} in a browser and enter the code ${userCode}.`,
    },
    { headers: { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' } },
  )
}

/**
 * Finds a device code by what the person typed.
 *
 * @param service The emulator.
 * @param userCode The user code; case and spaces do not matter.
 * @param now ms since the epoch.
 * @returns The device code.
 * @throws {EntraError} 70018 when none is waiting for it.
 */
export function findDeviceCode({ memory }: Service, userCode: string, now: number): DeviceCode {
  const wanted = userCode.replace(/[\s-]/g, '').toUpperCase()
  for (const entry of memory.deviceCodes.values())
    if (entry.userCode === wanted && entry.state === 'pending' && entry.expiresAt > now) return entry
  throw new EntraError(70018)
}

function randomUserCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9))
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('')
}
