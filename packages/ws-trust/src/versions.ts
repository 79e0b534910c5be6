/** What differs between the versions of WS-Trust. */
export interface WsTrustVersion {
  /** The SOAP action. */
  readonly action: string
  /** The XML namespace. */
  readonly namespace: string
  /** Asks for a token that works without a proof key. */
  readonly keyType: string
  /** Asks for a token to be issued. */
  readonly requestType: string
}

const oasis = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
const submission = 'http://schemas.xmlsoap.org/ws/2005/02/trust'

/** The OASIS standard. */
export const wsTrust13: WsTrustVersion = {
  action: `${oasis}/RST/Issue`,
  namespace: oasis,
  keyType: `${oasis}/Bearer`,
  requestType: `${oasis}/Issue`,
}

/** The submission of February 2005. */
export const wsTrust2005: WsTrustVersion = {
  action: `${submission}/RST/Issue`,
  namespace: submission,
  keyType: 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey',
  requestType: `${submission}/Issue`,
}
