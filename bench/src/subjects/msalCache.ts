import { clientId, tokenOf, type Entry } from './subject.ts'

/**
 * Writes a token cache as MSAL Node does.
 *
 * @param entries What its tokens are for.
 * @returns The JSON.
 */
export function msalCache(entries: readonly Entry[]): string {
  const now = Math.floor(Date.now() / 1000)
  const environment = 'login.microsoftonline.com'
  const AccessToken = Object.fromEntries(
    entries.map((entry) => [
      `-${environment}-accesstoken-${clientId}-${entry.tenant}-${entry.scope}--`,
      {
        home_account_id: '',
        environment,
        credential_type: 'AccessToken',
        client_id: clientId,
        secret: tokenOf(entry),
        realm: entry.tenant,
        target: entry.scope,
        cached_at: `${now}`,
        expires_on: `${now + 86_399}`,
        extended_expires_on: `${now + 86_399}`,
        token_type: 'Bearer',
      },
    ]),
  )
  return JSON.stringify({ Account: {}, IdToken: {}, AccessToken, RefreshToken: {}, AppMetadata: {} })
}
