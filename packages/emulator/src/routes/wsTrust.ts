import type { Exchange, Service } from '../Exchange.js'
import { findFederation } from '../federation/findFederation.js'
import { findElement, parseXml, type XmlElement } from '../federation/parseXml.js'
import { cloudAudience, issueAssertion, type SamlVersion } from '../federation/samlAssertion.js'
import { namespaces, soapFault, soapResponse, trustVersions, type TrustVersion } from '../federation/soap.js'

/** What a request for a security token says. */
interface TokenRequest {
  readonly messageId: string
  readonly action: string
  readonly requestType: string
  readonly audience: string
  readonly username: string
  readonly password: string
  /** ms since the epoch; NaN without a timestamp. */
  readonly expiresAt: number
}

const tokenTypes: Readonly<Record<SamlVersion, string>> = {
  '1.1': 'urn:oasis:names:tc:SAML:1.0:assertion',
  '2.0': 'urn:oasis:names:tc:SAML:2.0:assertion',
}

/**
 * Answers WS-Trust, as a federated organisation's server does: username and password into an assertion.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @param version The version of WS-Trust that the path names.
 * @returns The assertion, or a fault.
 * @see {@link https://docs.oasis-open.org/ws-sx/ws-trust/v1.3/ws-trust.html WS-Trust 1.3, section 4}
 */
export async function wsTrust(service: Service, exchange: Exchange, version: '1.3' | '2005'): Promise<Response> {
  const trust = trustVersions[version]
  if (!/^application\/soap\+xml\b/i.test(exchange.request.headers.get('content-type') ?? ''))
    return new Response('Send it as application/soap+xml\n', { status: 415 })
  const request = read(exchange.body, trust)
  if (typeof request === 'string') return soapFault('InvalidSecurity', request)
  const refuse = (subcode: string, reason: string): Response => soapFault(subcode, reason, request.messageId)
  if (request.action !== trust.action || request.requestType !== trust.requestType)
    return refuse('InvalidRequest', 'The action or the request type is not one of this endpoint')
  if (request.audience !== cloudAudience) return refuse('InvalidScope', 'The relying party is not known')
  if (!(request.expiresAt > exchange.now)) return refuse('MessageExpired', 'The message has expired')

  const user = service.directory.findUser(request.username)
  const domain = user && findFederation(service.directory, user.username)?.domain
  const isOffered = (domain?.wsTrust ?? ['1.3', '2005']).includes(version)
  if (!user || !domain || !isOffered || !user.password || user.password !== request.password || user.isDisabled)
    return refuse('FailedAuthentication', 'The security token could not be authenticated or authorized')

  const saml = domain.saml ?? '1.1'
  const assertion = await issueAssertion(service, exchange, user, saml)
  return answer(trust, version, request.messageId, tokenTypes[saml], assertion)
}

function answer(
  trust: TrustVersion,
  version: '1.3' | '2005',
  messageId: string,
  tokenType: string,
  assertion: string,
): Response {
  const isCollection = version === '1.3'
  const token =
    `<t:RequestSecurityTokenResponse${isCollection ? '' : ` xmlns:t="${trust.namespace}"`}>` +
    `<wsp:AppliesTo xmlns:wsp="${namespaces.policy}"><a:EndpointReference><a:Address>${cloudAudience}</a:Address>` +
    `</a:EndpointReference></wsp:AppliesTo><t:RequestedSecurityToken>${assertion}</t:RequestedSecurityToken>` +
    `<t:TokenType>${tokenType}</t:TokenType><t:RequestType>${trust.requestType}</t:RequestType>` +
    `<t:KeyType>${trust.keyType}</t:KeyType></t:RequestSecurityTokenResponse>`
  const collection = `<t:RequestSecurityTokenResponseCollection xmlns:t="${trust.namespace}">${token}</t:RequestSecurityTokenResponseCollection>`
  const action = isCollection ? `${trust.namespace}/RSTRC/IssueFinal` : `${trust.namespace}/RSTR/Issue`
  return soapResponse(action, messageId, isCollection ? collection : token)
}

/** Reads the envelope, or says what is wrong with it. */
function read(xml: string, trust: TrustVersion): TokenRequest | string {
  const { soap, addressing, policy, security, utility } = namespaces
  let envelope: XmlElement
  try {
    envelope = parseXml(xml)
  } catch (error) {
    return error instanceof SyntaxError ? error.message : 'The message cannot be read'
  }
  if (envelope.namespace !== soap || envelope.name !== 'Envelope') return 'The message is not a SOAP 1.2 envelope'
  const header = findElement(envelope, [soap, 'Header'])
  const body = findElement(envelope, [soap, 'Body'], [trust.namespace, 'RequestSecurityToken'])
  const token = findElement(header, [security, 'Security'], [security, 'UsernameToken'])
  const text = (element: XmlElement | undefined): string => element?.text.trim() ?? ''
  if (!header || !body || !token) return 'A security header with a username token and a token request are needed'
  return {
    messageId: text(findElement(header, [addressing, 'MessageID'])),
    action: text(findElement(header, [addressing, 'Action'])),
    requestType: text(findElement(body, [trust.namespace, 'RequestType'])),
    audience: text(
      findElement(body, [policy, 'AppliesTo'], [addressing, 'EndpointReference'], [addressing, 'Address']),
    ),
    username: text(findElement(token, [security, 'Username'])),
    password: findElement(token, [security, 'Password'])?.text ?? '',
    expiresAt: Date.parse(
      text(findElement(header, [security, 'Security'], [utility, 'Timestamp'], [utility, 'Expires'])),
    ),
  }
}
