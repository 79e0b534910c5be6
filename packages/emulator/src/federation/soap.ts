import { escapeXml } from './parseXml.js'

/** The namespaces that WS-Trust is written in. */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  addressing: 'http://www.w3.org/2005/08/addressing',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
} as const

/** What differs between the versions of WS-Trust. */
export interface TrustVersion {
  readonly namespace: string
  readonly action: string
  readonly requestType: string
  readonly keyType: string
}

const trust13 = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
const trust2005 = 'http://schemas.xmlsoap.org/ws/2005/02/trust'

/** The versions of WS-Trust. */
export const trustVersions: Readonly<Record<'1.3' | '2005', TrustVersion>> = {
  '1.3': {
    namespace: trust13,
    action: `${trust13}/RST/Issue`,
    requestType: `${trust13}/Issue`,
    keyType: `${trust13}/Bearer`,
  },
  '2005': {
    namespace: trust2005,
    action: `${trust2005}/RST/Issue`,
    requestType: `${trust2005}/Issue`,
    keyType: 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey',
  },
}

/**
 * Answers a SOAP envelope.
 *
 * @param action `wsa:Action` of the answer.
 * @param relatesTo The request's message ID.
 * @param body The body's XML.
 * @param status The HTTP status.
 * @returns The response.
 */
export function soapResponse(action: string, relatesTo: string, body: string, status = 200): Response {
  const envelope =
    `<s:Envelope xmlns:s="${namespaces.soap}" xmlns:a="${namespaces.addressing}" xmlns:u="${namespaces.utility}">` +
    `<s:Header><a:Action s:mustUnderstand="1">${action}</a:Action>` +
    `<a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo></s:Header><s:Body>${body}</s:Body></s:Envelope>`
  return new Response(envelope, {
    status,
    headers: { 'content-type': 'application/soap+xml; charset=utf-8', 'cache-control': 'no-store, no-cache' },
  })
}

/**
 * Answers a SOAP fault, with status 500 as SOAP over HTTP demands, a wrong password included.
 *
 * @param subcode Its name in the namespace of WS-Security.
 * @param reason What went wrong.
 * @param relatesTo The request's message ID.
 * @returns The response.
 * @see {@link https://www.w3.org/TR/soap12-part1/#soapfault SOAP 1.2, section 5.4}
 */
export function soapFault(subcode: string, reason: string, relatesTo = ''): Response {
  return soapResponse(
    `${namespaces.addressing}/soap/fault`,
    relatesTo,
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>' +
      `<s:Value xmlns:o="${namespaces.security}">o:${subcode}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="en-US">${escapeXml(reason)}</s:Text></s:Reason></s:Fault>`,
    500,
  )
}
