/** What Entra answers for one AADSTS number. */
export interface AadstsEntry {
  /** The OAuth error code. */
  readonly error: string
  /** The HTTP status. */
  readonly status: number
  /** The description; `{name}` is replaced by the fact of that name. */
  readonly text: string
}

/**
 * The AADSTS numbers that the emulator answers with.
 *
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reference-error-codes Entra error codes}
 */
export const aadsts: Readonly<Record<number, AadstsEntry>> = {
  28000: { error: 'invalid_scope', status: 400, text: 'The scope parameter names more than one resource: {scope}.' },
  50027: { error: 'invalid_client', status: 401, text: 'The JWT is invalid or malformed: {reason}.' },
  50049: { error: 'invalid_instance', status: 400, text: 'Unknown or invalid instance.' },
  70003: { error: 'unsupported_grant_type', status: 400, text: "The grant type '{grant}' is not supported." },
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
  90033: { error: 'temporarily_unavailable', status: 503, text: 'A transient error has occurred. Please try again.' },
  90055: { error: 'temporarily_unavailable', status: 429, text: 'There are too many incoming requests.' },
  500011: {
    error: 'invalid_resource',
    status: 400,
    text: 'The resource principal named {resource} was not found in the tenant named {tenant}.',
  },
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
  1002012: {
    error: 'invalid_scope',
    status: 400,
    text: "The scope {scope} is not valid: client credentials need a resource identifier followed by '/.default'.",
  },
  7000112: { error: 'unauthorized_client', status: 400, text: "Application '{app}' is disabled." },
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
  9002313: {
    error: 'invalid_request',
    status: 400,
    text: 'Invalid request. Request is malformed or invalid: {reason}.',
  },
}
