import type { Exchange, Service } from '../Exchange.js'
import { federationOrigin, findFederatedDomain } from '../federation/federationHost.js'
import { escapeXml } from '../federation/parseXml.js'
import { namespaces, trustVersions } from '../federation/soap.js'

const securityPolicy = 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702'
const securityPolicy2005 = 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy'

/** An endpoint of the metadata: one binding, one policy, one port. */
interface Endpoint {
  readonly name: string
  readonly path: string
  readonly action: string
  readonly policy: string
}

/**
 * Answers the metadata of a federated organisation's server: which endpoints take a username and a password.
 *
 * @param service The emulator.
 * @param exchange The request.
 * @returns The WSDL; 404 where no domain is federated.
 * @see {@link https://www.w3.org/TR/wsdl.html WSDL 1.1}
 */
export function mex({ directory }: Service, { url }: Exchange): Response {
  const domain = findFederatedDomain(directory, url)
  if (!domain) return new Response('No domain is federated\n', { status: 404 })
  // clients take no other addresses than those of TLS
  const origin = federationOrigin(url, domain).replace(/^http:/, 'https:')
  const offered = domain.wsTrust ?? ['1.3', '2005']
  const endpoints: Endpoint[] = [
    certificateEndpoint,
    ...(offered.includes('2005') ? [username2005Endpoint] : []),
    ...(offered.includes('1.3') ? [username13Endpoint] : []),
  ]
  const ports = endpoints.map((endpoint) => portOf(endpoint, origin)).join('')
  const wsdl =
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<wsdl:definitions name="SecurityTokenService" targetNamespace="http://tempuri.org/" ' +
    `xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="${namespaces.policy}" xmlns:wsu="${namespaces.utility}" ` +
    `xmlns:sp="${securityPolicy}" xmlns:sp2005="${securityPolicy2005}" xmlns:wsa10="${namespaces.addressing}" ` +
    'xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:tns="http://tempuri.org/">' +
    endpoints.map(policyOf).join('') +
    endpoints.map(bindingOf).join('') +
    `<wsdl:service name="SecurityTokenService">${ports}</wsdl:service></wsdl:definitions>`
  return new Response(wsdl, { headers: { 'content-type': 'text/xml; charset=utf-8' } })
}

/** There for clients to pass over: it takes a certificate. */
const certificateEndpoint: Endpoint = {
  name: 'CertificateWSTrustBinding_IWSTrust13Async',
  path: '13/certificatemixed',
  action: trustVersions['1.3'].action,
  policy:
    '<sp:EndorsingSupportingTokens><wsp:Policy><sp:X509Token><wsp:Policy><sp:WssX509V3Token10/></wsp:Policy>' +
    '</sp:X509Token></wsp:Policy></sp:EndorsingSupportingTokens>',
}

const username13Endpoint: Endpoint = {
  name: 'UserNameWSTrustBinding_IWSTrust13Async',
  path: '13/usernamemixed',
  action: trustVersions['1.3'].action,
  policy:
    '<sp:SignedEncryptedSupportingTokens><wsp:Policy><sp:UsernameToken><wsp:Policy><sp:WssUsernameToken10/>' +
    '</wsp:Policy></sp:UsernameToken></wsp:Policy></sp:SignedEncryptedSupportingTokens>',
}

const username2005Endpoint: Endpoint = {
  name: 'UserNameWSTrustBinding_IWSTrustFeb2005Async',
  path: '2005/usernamemixed',
  action: trustVersions['2005'].action,
  policy:
    '<sp2005:SignedSupportingTokens><wsp:Policy><sp2005:UsernameToken><wsp:Policy><sp2005:WssUsernameToken10/>' +
    '</wsp:Policy></sp2005:UsernameToken></wsp:Policy></sp2005:SignedSupportingTokens>',
}

function policyOf({ name, policy }: Endpoint): string {
  const sp = policy.startsWith('<sp2005') ? 'sp2005' : 'sp'
  const transport =
    `<${sp}:TransportBinding><wsp:Policy><${sp}:TransportToken><wsp:Policy><${sp}:HttpsToken/></wsp:Policy>` +
    `</${sp}:TransportToken></wsp:Policy></${sp}:TransportBinding>`
  return `<wsp:Policy wsu:Id="${name}_policy"><wsp:ExactlyOne><wsp:All>${transport}${policy}</wsp:All></wsp:ExactlyOne></wsp:Policy>`
}

function bindingOf({ name, action }: Endpoint): string {
  return (
    `<wsdl:binding name="${name}" type="tns:IWSTrust"><wsp:PolicyReference URI="#${name}_policy"/>` +
    '<soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>' +
    `<wsdl:operation name="TrustIssue"><soap12:operation soapAction="${action}" style="document"/>` +
    '<wsdl:input><soap12:body use="literal"/></wsdl:input><wsdl:output><soap12:body use="literal"/></wsdl:output>' +
    '</wsdl:operation></wsdl:binding>'
  )
}

function portOf({ name, path }: Endpoint, origin: string): string {
  const address = escapeXml(`${origin}/adfs/services/trust/${path}`)
  return (
    `<wsdl:port name="${name}" binding="tns:${name}"><soap12:address location="${address}"/>` +
    `<wsa10:EndpointReference><wsa10:Address>${address}</wsa10:Address></wsa10:EndpointReference></wsdl:port>`
  )
}
