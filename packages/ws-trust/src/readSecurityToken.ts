import type { HttpResponse } from '@latchkey/core'
import { XmlElement } from '@rgrove/parse-xml'
import { readFault } from './readFault.js'
import { unusableAnswer } from './unusableAnswer.js'
import { find, isNamed, textOf } from './xml/find.js'
import { parse } from './xml/parse.js'

/** How Entra calls the grants that redeem the kinds of assertion (RFC 7522 has the second one). */
const saml11 = 'urn:ietf:params:oauth:grant-type:saml1_1-bearer'
const saml20 = 'urn:ietf:params:oauth:grant-type:saml2-bearer'
const profile = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1'
const grantTypes = new Map([
  ['urn:oasis:names:tc:SAML:1.0:assertion', saml11],
  [`${profile}#SAMLV1.1`, saml11],
  ['urn:oasis:names:tc:SAML:2.0:assertion', saml20],
  [`${profile}#SAMLV2.0`, saml20],
])

/**
 * Reads the answer to a request for a token (WS-Trust 1.3 §4.4); its status says nothing, a wrong password comes with a 500.
 *
 * @param response The answer.
 * @param host The provider's host.
 * @param password What no error may repeat.
 * @returns The grant that redeems the assertion, and the assertion exactly as it is in the answer, because it is signed.
 * @throws {AuthError} `invalid_grant` and `server_error` for a fault, `invalid_response` when it is neither fault nor token.
 */
export function readSecurityToken(
  { status, text }: HttpResponse,
  host: string,
  password: string,
): { grantType: string; assertion: string } {
  // Where the fetch hides a redirect, its status is 0.
  if (status < 200 || (status > 299 && status < 400)) throw unusableAnswer(host, status, 'it answers with a redirect')
  const document = parse(text)
  if (typeof document === 'string') throw unusableAnswer(host, status, `its answer ${document}`)
  const { root, innerXml } = document
  if (!isNamed(root, 's:Envelope')) throw unusableAnswer(host, status, 'its answer is no SOAP message')
  for (const wst of ['wst', 'wst2005']) {
    // On its own, or in the collection of WS-Trust 1.3.
    const paths = ['', `${wst}:RequestSecurityTokenResponseCollection/`].map(
      (collection) => `s:Body/${collection}${wst}:RequestSecurityTokenResponse`,
    )
    for (const response of paths.flatMap((path) => find(root, path))) {
      const [type] = find(response, `${wst}:TokenType`)
      const [token] = find(response, `${wst}:RequestedSecurityToken`)
      if (!type || !token?.children.some((child) => child instanceof XmlElement)) continue
      const grantType = grantTypes.get(textOf(type))
      if (!grantType) throw unusableAnswer(host, status, 'its token is of a kind that Entra does not take')
      return { grantType, assertion: innerXml(token) }
    }
  }
  throw readFault(root, host, status, password) ?? unusableAnswer(host, status, 'its answer has no token')
}
