/** What proofs are signed with. */
export type ProofAlgorithm = 'RS256' | 'PS256' | 'ES256'
