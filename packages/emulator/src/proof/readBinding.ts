import { base64url } from 'jose'
import { EntraError } from '../EntraError.js'
import type { Exchange, Service } from '../Exchange.js'
import type { Binding } from './Binding.js'
import { checkDpop } from './dpop.js'

/**
 * Reads what a token request wants its token bound to: `req_cnf`, or a DPoP proof.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns The binding; undefined for a bearer token.
 * @throws {EntraError} when `token_type` or `req_cnf` is wrong.
 * @throws {ProofError} when the proof is refused.
 */
export async function readBinding(service: Service, exchange: Exchange): Promise<Binding | undefined> {
  const { form, request } = exchange
  const type = form.get('token_type')?.toLowerCase()
  if (type === 'pop' || type === 'ssh-cert') {
    const confirmation = form.get('req_cnf')
    if (!confirmation) throw new EntraError(900144, { parameter: 'req_cnf' })
    const { kid, kty, n, e } = readConfirmation(type, confirmation)
    if (typeof kid !== 'string' || !kid) throw new EntraError(9002313, { reason: 'req_cnf names no key' })
    if (type === 'pop') return { tokenType: 'pop', cnf: { kid }, keyId: kid }
    if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string')
      throw new EntraError(9002313, { reason: 'req_cnf is not an RSA key' })
    return { tokenType: 'ssh-cert', cnf: { kid }, keyId: kid, jwk: { n, e } }
  }
  if (!request.headers.has('dpop')) return undefined
  const jkt = await checkDpop(service, exchange, undefined, service.proofNonces)
  return { tokenType: 'DPoP', cnf: { jkt }, keyId: jkt }
}

function readConfirmation(type: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(type === 'pop' ? new TextDecoder().decode(base64url.decode(text)) : text)) as Record<
      string,
      unknown
    >
  } catch {
    throw new EntraError(9002313, { reason: 'req_cnf is not readable' })
  }
}
