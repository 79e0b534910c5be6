/** What Entra answers for one AADSTS number. */
export interface AadstsEntry {
  /** The OAuth error code. */
  readonly error: string
  /** The HTTP status. */
  readonly status: number
  /** The description; `{name}` is replaced by the fact of that name. */
  readonly text: string
  /** What kind of interaction helps. */
  readonly suberror?: string
}

/**
 * The AADSTS numbers that the emulator answers with.
 *
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reference-error-codes Entra error codes}
 */
export const aadsts: Readonly<Record<number, AadstsEntry>> = {
  16000: { error: 'interaction_required', status: 400, text: 'More than one user is signed in, and none was chosen.' },
  28000: { error: 'invalid_scope', status: 400, text: 'The scope parameter names more than one resource: {scope}.' },
  28003: {
    error: 'invalid_request',
    status: 400,
    text: 'The scope cannot be empty here: the code was issued for more than one resource.',
  },
  50011: {
    error: 'invalid_request',
    status: 400,
    text: "The redirect URI '{uri}' does not match the redirect URIs of the application '{app}'.",
  },
  50013: { error: 'invalid_grant', status: 400, text: 'The assertion is refused: {reason}.' },
  50020: {
    error: 'invalid_request',
    status: 400,
    text: "The user account '{user}' does not exist in the tenant '{tenant}', and cannot use the application '{app}' there.",
  },
  50027: { error: 'invalid_client', status: 401, text: 'The JWT is invalid or malformed: {reason}.' },
  50034: {
    error: 'invalid_grant',
    status: 400,
    text: "The user account {user} does not exist in the directory '{tenant}'.",
  },
  50049: { error: 'invalid_instance', status: 400, text: 'Unknown or invalid instance.' },
  50055: { error: 'invalid_grant', status: 400, text: 'The password is expired.', suberror: 'user_password_expired' },
  50057: { error: 'invalid_grant', status: 400, text: 'The user account is disabled.' },
  50058: { error: 'login_required', status: 400, text: 'A silent sign-in was asked for, but no user is signed in.' },
  50076: {
    error: 'interaction_required',
    status: 400,
    text: "Multi-factor authentication is required to access '{resource}'.",
    suberror: 'basic_action',
  },
  50126: { error: 'invalid_grant', status: 400, text: 'Invalid username or password.' },
  50173: {
    error: 'invalid_grant',
    status: 400,
    text: "The grant is revoked: the user's sessions were ended. It was issued at {issued}, and tokens are valid from {from}.",
  },
  54005: { error: 'invalid_grant', status: 400, text: 'The authorization code or device code was already redeemed.' },
  65001: {
    error: 'invalid_grant',
    status: 400,
    text: "The user or an administrator has not consented to use the application '{app}' named '{name}' for: {scope}.",
    suberror: 'consent_required',
  },
  65004: { error: 'access_denied', status: 400, text: 'The user declined to consent to access the app.' },
  70000: { error: 'invalid_grant', status: 400, text: 'The provided grant is invalid or malformed: {reason}.' },
  70003: { error: 'unsupported_grant_type', status: 400, text: "The grant type '{grant}' is not supported." },
  70007: { error: 'invalid_request', status: 400, text: "'{mode}' is not a supported value of 'response_mode'." },
  70008: { error: 'invalid_grant', status: 400, text: 'The authorization code has expired.' },
  70011: { error: 'invalid_scope', status: 400, text: "The scope '{scope}' is not valid." },
  70016: {
    error: 'authorization_pending',
    status: 400,
    text: 'The user has not finished signing in yet. Ask again later.',
  },
  70018: {
    error: 'bad_verification_code',
    status: 400,
    text: 'The code is not known: it was mistyped, or it has expired.',
  },
  70020: { error: 'expired_token', status: 400, text: 'The device code has expired.' },
  90002: {
    error: 'invalid_request',
    status: 400,
    text: "Tenant '{tenant}' not found. Check the tenant ID, and that the tenant is in this cloud.",
  },
  90014: {
    error: 'invalid_request',
    status: 400,
    text: "The required field '{parameter}' is missing from the request.",
  },
  90023: { error: 'invalid_request', status: 400, text: "Unsupported 'prompt' value: {prompt}." },
  90033: { error: 'temporarily_unavailable', status: 503, text: 'A transient error has occurred. Please try again.' },
  90055: { error: 'temporarily_unavailable', status: 429, text: 'There are too many incoming requests.' },
  90094: { error: 'access_denied', status: 400, text: 'An administrator must consent to: {scope}.' },
  165000: {
    error: 'invalid_request',
    status: 400,
    text: 'The sign-in that this form belongs to is not known in this browser: start again from the application.',
  },
  500011: {
    error: 'invalid_resource',
    status: 400,
    text: 'The resource principal named {resource} was not found in the tenant named {tenant}.',
  },
  500112: {
    error: 'invalid_client',
    status: 400,
    text: 'The redirect URI does not match the one that the authorization code was sent to.',
  },
  500121: { error: 'access_denied', status: 400, text: 'The second factor was not given.' },
  500131: { error: 'invalid_grant', status: 400, text: "The assertion's audience is not the app that presents it." },
  500133: { error: 'invalid_grant', status: 400, text: 'The assertion is not within its valid time range.' },
  501481: {
    error: 'invalid_grant',
    status: 400,
    text: 'The code_verifier does not match the code_challenge of the authorization request.',
  },
  650053: {
    error: 'invalid_scope',
    status: 400,
    text: "The application '{app}' asked for the scope '{scope}', which does not exist on the resource '{resource}'.",
  },
  650057: {
    error: 'invalid_resource',
    status: 400,
    text: "The application '{app}' asks for the resource '{resource}', which its registration does not list.",
  },
  700005: { error: 'invalid_grant', status: 400, text: 'The authorization code was issued by another tenant.' },
  700016: {
    error: 'unauthorized_client',
    status: 400,
    text: "Application with identifier '{app}' was not found in the directory '{tenant}'.",
  },
  700021: {
    error: 'invalid_client',
    status: 401,
    text: "The client assertion's issuer and subject do not match the client_id parameter.",
  },
  700023: {
    error: 'invalid_client',
    status: 401,
    text: "The client assertion's audience is not this token endpoint: {audience}.",
  },
  700024: {
    error: 'invalid_client',
    status: 401,
    text: 'Client assertion is not within its valid time range. Current time: {now}, valid from {from} to {to}.',
  },
  700025: {
    error: 'invalid_client',
    status: 401,
    text: "Client is public, so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700027: {
    error: 'invalid_client',
    status: 401,
    text: 'Client assertion contains an invalid signature. [Reason - {reason}] Key used by client: {key}.',
  },
  700051: {
    error: 'unsupported_response_type',
    status: 400,
    text: "The response_type '{type}' is not enabled for the application.",
  },
  700082: { error: 'invalid_grant', status: 400, text: 'The refresh token has expired due to inactivity.' },
  700084: {
    error: 'invalid_grant',
    status: 400,
    text: 'The refresh token was issued to a single-page app, and lives for 24 hours only.',
  },
  900023: {
    error: 'invalid_request',
    status: 400,
    text: "Specified tenant identifier '{tenant}' is neither a valid DNS name nor a valid external domain.",
  },
  900144: {
    error: 'invalid_request',
    status: 400,
    text: "The request body must contain the following parameter: '{parameter}'.",
  },
  900561: {
    error: 'invalid_request',
    status: 405,
    text: 'The endpoint only accepts {allowed} requests. Received a {method} request.',
  },
  900971: { error: 'invalid_request', status: 400, text: 'No redirect URI is given, and none is registered.' },
  1002012: {
    error: 'invalid_scope',
    status: 400,
    text: "The scope {scope} is not valid: client credentials need a resource identifier followed by '/.default'.",
  },
  700211: {
    error: 'invalid_client',
    status: 401,
    text: "No federated credential has the assertion's issuer '{issuer}'.",
  },
  700212: {
    error: 'invalid_client',
    status: 401,
    text: "No federated credential has the assertion's audience '{audience}'.",
  },
  700213: {
    error: 'invalid_client',
    status: 401,
    text: "No federated credential has the assertion's subject '{subject}'.",
  },
  7000112: { error: 'unauthorized_client', status: 400, text: "Application '{app}' is disabled." },
  7000114: {
    error: 'invalid_grant',
    status: 400,
    text: 'The assertion belongs to an app, not to a user: it cannot be used on behalf of one.',
  },
  7000215: {
    error: 'invalid_client',
    status: 401,
    text: "Invalid client secret provided for app '{app}'. Send the secret's value, not its ID.",
  },
  7000216: {
    error: 'invalid_client',
    status: 401,
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  7000218: {
    error: 'invalid_client',
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    error: 'invalid_client',
    status: 401,
    text: "The provided client secret keys for app '{app}' are expired.",
  },
  9001023: {
    error: 'invalid_request',
    status: 400,
    text: 'The grant type is not supported over /common or /consumers: use /organizations or the tenant.',
  },
  9002313: {
    error: 'invalid_request',
    status: 400,
    text: 'Invalid request. Request is malformed or invalid: {reason}.',
  },
  9002325: {
    error: 'invalid_request',
    status: 400,
    text: 'PKCE is required for the redirect URI of a single-page app.',
  },
  9002326: {
    error: 'invalid_request',
    status: 400,
    text: "Cross-origin redemption is permitted for single-page apps only. Request origin: '{origin}'.",
  },
  9002327: {
    error: 'invalid_request',
    status: 400,
    text: 'Tokens of a single-page app may only be redeemed by cross-origin requests.',
  },
}
