import { isAuthError } from './isAuthError.js'
import type { AuthErrorCode } from './AuthError.js'

/** The AADSTS numbers that people meet most: what happened, what to do. */
const numbers: Readonly<Record<number, string>> = {
  16000:
    'Several accounts are signed in and none was chosen. Ask again with prompt "select_account", or pass loginHint.',
  28003: 'The code was redeemed without a scope. Pass the scopes that were asked for.',
  50011:
    'The redirect URI is not registered. Add exactly the one that was sent, port and path included, under Authentication of the app registration.',
  50020:
    'The user is from another tenant and not a guest of this one. Invite the user, or use the tenant the user belongs to.',
  50034: 'There is no such user in the tenant. Check the name and the tenant of the authority.',
  50049:
    'The host of the authority is not known to Microsoft. Correct it, or set instanceDiscovery to false for a private cloud.',
  50055: "The user's password has expired. The user has to change it in an interactive sign-in.",
  50058: 'Nobody is signed in silently. Start an interactive sign-in.',
  50076: 'Multi-factor authentication is needed. Start an interactive sign-in and pass the claims of this error.',
  50079: 'The user has to register for multi-factor authentication. Start an interactive sign-in.',
  50105:
    'The user is not assigned to the app. Assign the user, or turn "Assignment required" off, under Enterprise applications.',
  50126: 'The user name or password is wrong.',
  50173: 'The grant was revoked, usually by a change of password. Sign in again.',
  50196: 'The same request was sent over and over. Keep one client and use its cache.',
  50199: 'The user has to confirm the sign-in. Start an interactive sign-in.',
  53000:
    'Conditional access wants a compliant device. Sign in from a managed device, with a broker where there is one.',
  53003: "A conditional access policy refuses this sign-in. The tenant's sign-in log names the policy.",
  54005: 'The authorization code was redeemed already. Start a new sign-in; never repeat a redemption.',
  65001:
    'Consent is missing. Ask the user in an interactive sign-in, or have an administrator grant the permission under API permissions.',
  65004: 'The user declined to consent.',
  70000: 'The grant is not valid. Sign in again.',
  70008: 'The authorization code or refresh token has expired. Sign in again.',
  70011: 'A scope is not valid. Scopes of one request belong to one resource; app tokens take its "/.default" only.',
  70016: 'The user has not finished the device sign-in yet. Keep polling.',
  70043: 'The refresh token has expired by policy. Sign in again.',
  90002: 'There is no such tenant. Check its id or domain, and that the cloud of the authority is the right one.',
  90023: 'The parameters contradict each other, such as two kinds of prompt.',
  500011: 'The resource is not in this tenant. Check the scope, and that the API was consented to there.',
  500113: 'No redirect URI is registered for the app. Add one under Authentication of the app registration.',
  650052: "The API's service principal is missing in the tenant. An administrator has to consent to the API first.",
  650057: 'The app asks for an API that it has no permission for. Add it under API permissions.',
  700003: 'The device was removed from the directory. Register it again.',
  700016: 'There is no such app in this tenant. Check the client id, and the tenant of the authority.',
  700024: 'The client assertion is outside its time range. Check the clock of this machine.',
  700025: 'A public client sent a secret. Leave the credential out, or register the app as confidential.',
  700027:
    'The signature of the client assertion does not fit. Upload the certificate to the app registration, and send the leaf certificate only.',
  700082: 'The refresh token has expired because it was not used. Sign in again.',
  700084: 'The refresh token of a single-page app ends after 24 hours. Sign in again.',
  7000112: 'The app is disabled. An administrator can enable it under Enterprise applications.',
  7000215: "The client secret is wrong. Use the secret's value, not its id, and check that it belongs to this app.",
  7000218:
    'The app is registered as confidential and sent no credential. Add one, or allow public client flows under Authentication.',
  7000222: 'The client secret has expired. Make a new one under Certificates & secrets.',
  9002313: 'The request is malformed. Check the redirect URI and the scopes for stray characters.',
  9002326:
    'A page redeemed a code whose redirect URI is not that of a single-page app. Register it under the platform "Single-page application".',
  9002327:
    'A code for a single-page app was redeemed without an Origin header. Redeem it in the page, or register the redirect URI as Web or Mobile and desktop.',
  1002012: 'App tokens take one scope: the resource followed by "/.default".',
}

/** What a code means where the server gave no number that says more; a number stands for its own row above. */
const codes: Readonly<Partial<Record<AuthErrorCode, string | number>>> = {
  no_token: 'There is nothing in the cache for this user and these scopes. Start an interactive sign-in.',
  interaction_required: 'Only the user can go on. Start an interactive sign-in and pass the claims of this error.',
  consent_required: 65001,
  invalid_grant: 70000,
  access_denied: 'The user, or a policy of the tenant, declined. Ask again only when the user wants to.',
  expired: 'Nobody entered the code in time. Start the device flow again.',
  state_mismatch:
    'The answer does not belong to the sign-in of this session: it was forged, or the session is another one or over. Start again; check that the cookie of the session survives a redirect from another site.',
  nonce_mismatch: 'The ID token belongs to another sign-in. Start again.',
  id_token_invalid:
    'The ID token cannot be trusted: the message names the claim. For exp, nbf and auth_time check the clock of this machine, for aud the client id, for iss the authority.',
  throttled:
    'The server asks for fewer requests. Wait for the seconds that retryAfter says, keep one client and use its cache.',
  network_error:
    'The host could not be reached. Check the connection, and give a fetch that goes through the proxy where there is one.',
  timeout: 'The host did not answer completely in time. Try again, or raise the timeout option.',
  server_error: 'The server failed. Try again later; the correlation id lets support find the request.',
  invalid_authority: 'The authority is not right. Check the host, and the name or id of the tenant.',
  invalid_response:
    'The answer did not come from a token service. A proxy or a sign-in page of the network may stand in between.',
  popup_blocked:
    'The browser blocked the window. Start the sign-in in the handler of a click, before anything is waited for, or use redirect().',
  storage_unavailable:
    'The browser keeps nothing for this page. Give redirect() a storage of your own, or use popup(); a page in a frame may need permission.',
  cache_corrupt: 'What was stored is damaged. It was left as it is; move it aside to start afresh.',
}

/**
 * Says what happened and what to do about it, for the errors that people meet most.
 *
 * A function of its own, so that only those who import it pay for its table.
 *
 * @param error Any caught value.
 * @returns One or two sentences; `undefined` where there is nothing better to say than the error's own message.
 */
export function explain(error: unknown): string | undefined {
  if (!isAuthError(error)) return undefined
  const known = error.errorCodes?.find((number) => Object.hasOwn(numbers, number)) ?? codes[error.code]
  return typeof known === 'number' ? numbers[known] : known
}
