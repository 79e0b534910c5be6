import { allowInsecureRequests, customFetch, DPoP, modifyAssertion, protectedResourceRequest } from 'oauth4webapi'

/** What a proof is for. */
export interface ProofSubject {
  readonly method: string
  readonly url: string
  /** The server's nonce. */
  readonly nonce: string | undefined
  /** The token, in a request to a resource. */
  readonly accessToken?: string | undefined
  /** Seconds since the epoch. */
  readonly iat: number
}

/**
 * Makes a DPoP proof: oauth4webapi makes a whole request, of which the proof is taken.
 *
 * @param keyPair What it is signed with.
 * @param subject What it is for; without a token, a POST to a token endpoint.
 * @returns The proof, a JWT.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-4.2 RFC 9449, section 4.2}
 */
export async function dpopProof(keyPair: CryptoKeyPair, subject: ProofSubject): Promise<string> {
  const { method, url, nonce, accessToken = '', iat } = subject
  let proof = ''
  const options = {
    DPoP: DPoP({}, keyPair, {
      // Of a token that is not there yet there is no digest.
      [modifyAssertion]: (_header, payload) =>
        Object.assign(payload, { iat, nonce, ...(!accessToken && { ath: undefined }) }),
    }),
    [allowInsecureRequests]: true, // where a token may be sent is for those to decide who send it
    [customFetch]: async (_url: string, { headers }: { readonly headers: Record<string, string> }) => {
      proof = headers['dpop']!
      return new Response()
    },
  }
  await protectedResourceRequest(accessToken || '-', method, new URL(url), undefined, undefined, options)
  return proof
}
