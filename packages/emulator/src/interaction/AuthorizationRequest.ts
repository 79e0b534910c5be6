import type { RedirectKind } from '../App.js'
import type { SignInRequest } from './SignInRequest.js'

/** Where an authorization response goes, and how. */
export interface ResponseTarget {
  readonly redirectUri: string
  readonly redirectKind: RedirectKind
  readonly responseMode: 'query' | 'fragment' | 'form_post'
  readonly state?: string | undefined
}

/** A checked request of the authorization endpoint. */
export interface AuthorizationRequest extends SignInRequest {
  readonly target: ResponseTarget
  /** Whether the request named the redirect URI; the token request must do the same then. */
  readonly hasRedirectUri: boolean
  readonly nonce?: string | undefined
  readonly codeChallenge?: string | undefined
  readonly codeChallengeMethod?: 'S256' | 'plain' | undefined
  /** The thumbprint of the key that the code is bound to. */
  readonly dpopJkt?: string | undefined
  /** The response says who signed in, `client_info=1`. */
  readonly wantsClientInfo: boolean
}
