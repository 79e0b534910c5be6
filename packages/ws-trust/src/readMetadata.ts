import type { XmlElement } from '@rgrove/parse-xml'
import type { Endpoint } from './endpoint.js'
import { wsTrust13, wsTrust2005 } from './versions.js'
import { attribute, find, textOf } from './xml/find.js'

/**
 * Finds the endpoints that take a user name and password over a secure transport (WSDL 1.1, WS-SecurityPolicy, WS-Policy 1.2).
 *
 * @param definitions The root of a WSDL document.
 * @returns Endpoints in the document's order, with addresses of any kind.
 */
export function readMetadata(definitions: XmlElement): Endpoint[] {
  const policies = new Set(
    find(definitions, 'wsp:Policy')
      .filter(takesPassword)
      .map((policy) => `#${attribute(policy, 'wsu:Id')}`),
  )
  const bindings = new Map(
    find(definitions, 'wsdl:binding')
      .filter((binding) =>
        find(binding, 'wsp:PolicyReference').some((reference) => policies.has(`${attribute(reference, 'URI')}`)),
      )
      .map((binding) => [attribute(binding, 'name'), versionOf(binding)]),
  )
  return find(definitions, 'wsdl:service/wsdl:port').flatMap((port) => {
    // A qualified name whose prefix says nothing: all bindings of a document are in its one target namespace.
    const version = bindings.get(attribute(port, 'binding')?.replace(/^.*:/, ''))
    const [address] = find(port, 'wsa:EndpointReference/wsa:Address')
    return version && address ? [{ address: textOf(address), version }] : []
  })
}

function takesPassword(policy: XmlElement): boolean {
  return find(policy, 'wsp:ExactlyOne/wsp:All').some((all) =>
    ['sp:SignedEncryptedSupportingTokens', 'sp2005:SignedSupportingTokens'].some((tokens) => {
      const [sp] = tokens.split(':')
      const token = `${tokens}/wsp:Policy/${sp}:UsernameToken/wsp:Policy/${sp}:WssUsernameToken10`
      return find(all, token).length > 0 && find(all, `${sp}:TransportBinding`).length > 0
    }),
  )
}

/** The WS-Trust that a binding speaks, where it does so by SOAP 1.2 over HTTP. */
function versionOf(binding: XmlElement): Endpoint['version'] | undefined {
  const [soap] = find(binding, 'soap12:binding')
  if (!soap || attribute(soap, 'transport') !== 'http://schemas.xmlsoap.org/soap/http') return undefined
  const actions = find(binding, 'wsdl:operation/soap12:operation').map((operation) =>
    attribute(operation, 'soapAction'),
  )
  return [wsTrust13, wsTrust2005].find(({ action }) => actions.includes(action))
}
