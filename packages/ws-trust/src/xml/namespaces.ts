/** The namespaces of what is written and read, under prefixes that are ours; a document may use any. */
export const namespaces = {
  s: 'http://www.w3.org/2003/05/soap-envelope',
  soap12: 'http://schemas.xmlsoap.org/wsdl/soap12/',
  sp: 'http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702',
  sp2005: 'http://schemas.xmlsoap.org/ws/2005/07/securitypolicy',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsdl: 'http://schemas.xmlsoap.org/wsdl/',
  wsp: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wst: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  wst2005: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
} as const
