/** What the token of an answer is bound to. */
export interface Binding {
  readonly tokenType: 'pop' | 'DPoP' | 'ssh-cert'
  /** The `cnf` claim of the token. */
  readonly cnf: { readonly kid: string } | { readonly jkt: string }
  /** The key's name. */
  readonly keyId: string
  /** The public key of an SSH certificate. */
  readonly jwk?: { readonly e: string; readonly n: string }
}
