/** Why a proof of possession is refused. */
export class ProofError extends Error {
  override readonly name = 'ProofError'
  /** A nonce that is to be in the next proof, where that is what is missing. */
  readonly nonce: string | undefined

  /**
   * @param reason What is wrong, in words for developers.
   * @param nonce A nonce for the next proof.
   */
  constructor(reason: string, nonce?: string) {
    super(reason)
    this.nonce = nonce
  }
}
