import { verifyClientAssertion } from './clientAssertion.js'
import type { App } from './App.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import type { TenantPath } from './tenantPath.js'

/** How an app proved who it is; `azpacr` of its tokens. */
export type ClientAuthentication = 'secret' | 'assertion'

/**
 * Reads the client ID and the secret of a token request, from the form or from Basic authentication.
 *
 * @param exchange The token request.
 * @returns What it carries; empty values count as missing.
 * @throws {EntraError} 9002313 when it carries both, or Basic credentials that cannot be read.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749, section 2.3.1}
 */
export function readClient(exchange: Exchange): { clientId?: string | undefined; secret?: string | undefined } {
  const form = {
    clientId: exchange.form.get('client_id') || undefined,
    secret: exchange.form.get('client_secret') || undefined,
  }
  const basic = /^basic (.+)$/i.exec(exchange.request.headers.get('authorization') ?? '')?.[1]
  if (!basic) return form
  try {
    const [clientId, secret] = atob(basic.trim())
      .split(/:(.*)/s, 2)
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
    if (form.secret === undefined && (form.clientId ?? clientId) === clientId)
      return { clientId: clientId || undefined, secret: secret || undefined }
  } catch {
    throw new EntraError(9002313, { reason: 'the Authorization header cannot be decoded' })
  }
  throw new EntraError(9002313, { reason: 'more than one client authentication' })
}

/**
 * Authenticates the app of a token request.
 *
 * @param service The emulator.
 * @param app The app that the client ID names.
 * @param exchange The token request.
 * @param path The tenant that it was sent to.
 * @returns How the app proved who it is, or undefined when it sent no credential.
 * @throws {EntraError} when the credential is refused.
 */
export async function authenticateClient(
  service: Service,
  app: App,
  exchange: Exchange,
  path: TenantPath,
): Promise<ClientAuthentication | undefined> {
  const { secret } = readClient(exchange)
  const assertion = exchange.form.get('client_assertion')
  if (app.isPublic && (secret !== undefined || assertion)) throw new EntraError(700025)
  if (assertion) {
    await verifyClientAssertion(service, assertion, app, exchange, path)
    return 'assertion'
  }
  if (secret === undefined) return undefined
  const known = app.secrets?.filter((candidate) => candidate.value === secret) ?? []
  if (known.length === 0) throw new EntraError(7000215, { app: app.clientId })
  if (known.every((candidate) => candidate.expiresAt !== undefined && candidate.expiresAt <= exchange.now))
    throw new EntraError(7000222, { app: app.clientId })
  return 'secret'
}
