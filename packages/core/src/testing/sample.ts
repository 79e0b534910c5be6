import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'

/**
 * Makes an entity with made-up values.
 *
 * @param secret What tells it from others.
 * @returns An access token's entity.
 */
export function entity(secret: string): CacheEntity {
  return {
    credential_type: 'AccessToken',
    secret,
    home_account_id: 'user.tenant',
    environment: 'login.microsoftonline.com',
    client_id: 'client',
    realm: 'tenant',
    target: 'User.Read openid profile',
    cached_at: '1760000000',
    expires_on: '1760086400',
  }
}

/**
 * Makes a document with one token.
 *
 * @param secret What tells it from others.
 * @returns A new document.
 */
export function documentOf(secret: string): CacheDocument {
  return { AccessToken: { [`key-${secret}`]: entity(secret) } }
}

/**
 * Puts a token into a document, as the flows do.
 *
 * @param document The current document, which is changed.
 * @param secret The token.
 * @returns The document.
 */
export function put(document: CacheDocument | undefined, secret: string): CacheDocument {
  const next = document ?? {}
  const section = (next.AccessToken ??= {})
  section[`key-${secret}`] = entity(secret)
  return next
}

/**
 * Lists the tokens of a document.
 *
 * @param document What a store gave.
 * @returns Their secrets, sorted.
 */
export function secretsOf(document: CacheDocument | undefined): string[] {
  return Object.values(document?.AccessToken ?? {})
    .map(({ secret }) => String(secret))
    .sort()
}

/** What MSAL does not write today, what JavaScript treats unlike other names, and text of all kinds. */
export const awkwardDocument = `{
  "AccessToken": {
    "__proto__": { "secret": "of a key named __proto__", "polluted": true },
    "constructor": { "secret": "of a key named constructor", "__proto__": { "polluted": true } },
    "": { "secret": "of an empty key" },
    "a-b.c/d\\\\e": { "secret": "quotes \\" and \\u0000 and \\u2028 and 😀 and \\ud800", "null": null, "number": 1.5, "list": [1, [2], {}] }
  },
  "RefreshToken": { "rt": { "secret": "r", "family_id": "1", "last_modification_time": "1760000000" } },
  "IdToken": { "idt": { "secret": "header.payload.signature" } },
  "Account": { "account": { "username": "Zoë@fabrikam.example", "tenantProfiles": ["{\\"tenantId\\":\\"t\\"}"], "wam_account_ids": { "client": "id" } } },
  "AppMetadata": { "appmetadata-host-Client": { "client_id": "Client", "family_id": "" } },
  "SectionOfTomorrow": { "key": { "field": "value" } },
  "__proto__": { "key": { "polluted": true } }
}`

/** Names that a store must neither mix up nor take for a path, a pattern or a property; the last two differ in more than UTF-8 can say. */
export const oddPartitions: readonly string[] = [
  '',
  ' ',
  '../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd',
  'C:\\users',
  '.',
  '..',
  'with\u0000NUL',
  'with\nnewline',
  'CON',
  '__proto__',
  'constructor',
  'toString',
  'UPPER',
  'upper',
  'é',
  'e\u0301',
  'ß',
  'ss',
  '😀',
  '*',
  '%2e%2e',
  'a:b',
  'a',
  '["user","login.microsoftonline.com","client","tenant","",null,null]',
  'x'.repeat(10_000),
  `${'x'.repeat(9_999)}y`,
  'lone \ud800',
  'lone \ud801',
]
