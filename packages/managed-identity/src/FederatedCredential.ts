import type { ClientCredential, ClientCredentialContext } from '@latchkey/core'
import { setClientAssertion } from '@latchkey/core/internal'

/** A confidential client's proof that somebody else signs: a workload identity federation of Entra says whom it trusts for that. */
export interface FederatedCredential extends ClientCredential {
  /** Gives the assertion itself, such as for `clientAssertion`, which takes this function. */
  readonly getAssertion: (context: Pick<ClientCredentialContext, 'now'>) => Promise<string>
}

/**
 * Makes a credential of what gives assertions.
 *
 * @param getAssertion Gives one that is good now.
 * @returns The credential; frozen.
 */
export function federatedCredential(getAssertion: FederatedCredential['getAssertion']): FederatedCredential {
  return Object.freeze({
    getAssertion,
    apply: async (context: ClientCredentialContext, body: URLSearchParams) =>
      setClientAssertion(body, await getAssertion(context)),
  })
}
