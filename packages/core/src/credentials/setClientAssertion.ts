/**
 * Adds a client assertion to a token request.
 *
 * @param body The form to add to.
 * @param assertion The JWT.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.2 RFC 7523, section 2.2}
 */
export function setClientAssertion(body: URLSearchParams, assertion: string): void {
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  body.set('client_assertion', assertion)
}
