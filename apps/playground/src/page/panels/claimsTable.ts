import { element } from '../element.js'

/** What the claims of a token are. */
const meanings: Readonly<Record<string, string>> = {
  aud: 'the API that the token is for',
  iss: 'who issued it',
  iat: 'issued',
  nbf: 'not before',
  exp: 'ends',
  appid: 'the app that asked',
  azp: 'the app that asked',
  appidacr: 'how the app proved itself: 0 not, 1 secret, 2 certificate',
  azpacr: 'how the app proved itself: 0 not, 1 secret, 2 certificate',
  idtyp: 'whose token: an app’s or a user’s',
  oid: 'the app’s or the user’s object in the tenant',
  sub: 'the subject: for an app token the app',
  scp: 'delegated permissions',
  preferred_username: 'the sign-in name; it may change',
  name: 'the name, for people',
  nonce: 'ties the token to the sign-in',
  auth_time: 'when the user signed in',
  acrs: 'authentication contexts that were met',
  roles: 'application permissions',
  tid: 'the tenant',
  ver: 'version of the token',
  xms_cc: 'what the client says it can handle',
}

/**
 * Shows claims.
 *
 * @param claims The claims.
 * @returns A table.
 */
export function claimsTable(claims: Readonly<Record<string, unknown>>): HTMLElement {
  const rows = Object.entries(claims).map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, element('code', {}, typeof value === 'string' ? value : JSON.stringify(value))),
      element('td', { class: 'meaning' }, [meanings[name], time(name, value)].filter(Boolean).join(' ')),
    ),
  )
  const head = element('tr', {}, ...['Claim', 'Value', 'Meaning'].map((name) => element('th', { scope: 'col' }, name)))
  return element(
    'table',
    { class: 'claims' },
    element('thead', { class: 'spoken' }, head),
    element('tbody', {}, ...rows),
  )
}

function time(name: string, value: unknown): string | undefined {
  if (!['iat', 'nbf', 'exp'].includes(name) || typeof value !== 'number') return undefined
  return new Date(value * 1000).toLocaleTimeString()
}
