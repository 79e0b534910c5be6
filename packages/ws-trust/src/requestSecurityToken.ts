import type { Endpoint } from './endpoint.js'
import { escapeXml } from './xml/escapeXml.js'
import { namespaces } from './xml/namespaces.js'

/** How long a request is good, in milliseconds. */
const lifetime = 600_000

/**
 * Writes the SOAP message that asks for a token with a user name and password (WS-Trust 1.3 §4.1, WSS UsernameToken 1.0).
 *
 * @param request The user; who the token is for; where it goes; the message's id (a UUID); the time in ms since the epoch.
 * @returns The XML, with each value escaped.
 */
export function requestSecurityToken(request: {
  readonly username: string
  readonly password: string
  readonly audience: string
  readonly endpoint: Endpoint
  readonly id: string
  readonly now: number
}): string {
  const { endpoint, id, now } = request
  const { action, namespace, keyType, requestType } = endpoint.version
  const { s, wsa, wsse, wsu, wsp } = namespaces
  const [username, password, audience, address] = [
    request.username,
    request.password,
    request.audience,
    endpoint.address,
  ].map(escapeXml)
  return (
    `<s:Envelope xmlns:s="${s}" xmlns:wsa="${wsa}" xmlns:wsu="${wsu}"><s:Header>` +
    `<wsa:Action s:mustUnderstand="1">${action}</wsa:Action><wsa:MessageID>urn:uuid:${id}</wsa:MessageID>` +
    `<wsa:ReplyTo><wsa:Address>${wsa}/anonymous</wsa:Address></wsa:ReplyTo>` +
    `<wsa:To s:mustUnderstand="1">${address}</wsa:To><wsse:Security xmlns:wsse="${wsse}" s:mustUnderstand="1">` +
    `<wsu:Timestamp wsu:Id="_0"><wsu:Created>${timestamp(now)}</wsu:Created>` +
    `<wsu:Expires>${timestamp(now + lifetime)}</wsu:Expires></wsu:Timestamp>` +
    `<wsse:UsernameToken wsu:Id="ADALUsernameToken"><wsse:Username>${username}</wsse:Username>` +
    `<wsse:Password>${password}</wsse:Password></wsse:UsernameToken></wsse:Security></s:Header>` +
    `<s:Body><wst:RequestSecurityToken xmlns:wst="${namespace}"><wsp:AppliesTo xmlns:wsp="${wsp}">` +
    `<wsa:EndpointReference><wsa:Address>${audience}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>` +
    `<wst:KeyType>${keyType}</wst:KeyType><wst:RequestType>${requestType}</wst:RequestType>` +
    `</wst:RequestSecurityToken></s:Body></s:Envelope>`
  )
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '')
}
