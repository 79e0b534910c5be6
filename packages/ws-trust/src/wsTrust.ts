import type { Federation } from '@latchkey/core'
import { acquireAssertion } from './acquireAssertion.js'

/**
 * Makes what `acquireTokenByUsernamePassword` takes as `federation`: the user's own identity provider (such as ADFS) gets the
 * password by WS-Trust 1.3 or 2005, and gives a SAML assertion for it.
 *
 * The password goes to an HTTPS address only, in one request that is never repeated: providers lock accounts after a few wrong
 * ones. Legacy: it knows no second factor and no conditional access.
 *
 * @returns The federation. Its errors: `invalid_grant` when the provider refuses the user, `server_error` when it has a problem,
 * `invalid_response` when it describes no such endpoint or answers with something else, and the errors of the network.
 * @see {@link https://docs.oasis-open.org/ws-sx/ws-trust/v1.3/ws-trust.html WS-Trust 1.3 §4}
 */
export function wsTrust(): Federation {
  return Object.freeze({ acquireAssertion })
}
