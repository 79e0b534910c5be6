import { decodeJwt, decodeProtectedHeader } from 'jose'
import { cutToken } from '../../scenario/cutToken.js'
import { element } from '../element.js'
import { claimsTable } from '../panels/claimsTable.js'

/**
 * Shows the parts of a proof: its header and what it says, never its signature.
 *
 * @param headers The headers that it is sent in.
 * @returns The panel's content.
 */
export function proofPanel(headers: Readonly<Record<string, string>>): HTMLElement {
  const { authorization = '', dpop } = headers
  const [scheme = '', credentials = ''] = authorization.split(' ')
  const proof = dpop ?? credentials
  const { at, ...claims } = decodeJwt(proof)
  return element(
    'div',
    {},
    element('p', {}, 'Sent as ', element('code', {}, dpop ? 'DPoP' : 'Authorization'), ` beside the scheme ${scheme}.`),
    element('h3', {}, 'Header of the proof'),
    claimsTable({ ...decodeProtectedHeader(proof) }),
    element('h3', {}, 'What the proof says'),
    claimsTable({ ...(typeof at === 'string' && { at: cutToken(at) }), ...claims }),
  )
}
