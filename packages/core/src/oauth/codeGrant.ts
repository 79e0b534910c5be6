/** What the authorization code grant uses of oauth4webapi; a file of its own in the build, see docs/decisions/0001. */
export {
  AuthorizationResponseError,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  validateAuthResponse,
} from 'oauth4webapi'
