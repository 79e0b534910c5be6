import { isText } from '../arguments/expect.js'
import { canonicalHost } from '../authority/clouds.js'
import { isObject } from '../json/parseObject.js'
import type { CacheDocument, CacheEntity } from '../ports/cacheStore.js'
import { removeEntity } from './accessTokenIndex.js'

/** Who is signed out, and of which app. */
export interface SignedInUser {
  readonly homeAccountId: string
  /** The account's host; other names of the same cloud count as well. */
  readonly environment: string
  readonly clientId: string
  /** The families that the app is known to be in. */
  readonly families: ReadonlySet<unknown>
}

const sections = ['RefreshToken', 'AccessToken', 'IdToken', 'Account'] as const

/**
 * Finds what signing a user out takes away, under whatever keys it is: all accounts, access and ID tokens, and the refresh tokens
 * that the app can use.
 *
 * @param document The document.
 * @param user Who is signed out.
 * @returns Pairs of section and key.
 */
export function userKeys(document: CacheDocument, user: SignedInUser): [(typeof sections)[number], string][] {
  const host = canonicalHost(user.environment)
  return sections.flatMap((name) =>
    Object.entries(document[name] ?? {})
      .filter(
        ([, entity]) =>
          isObject(entity) &&
          entity['home_account_id'] === user.homeAccountId &&
          isIn(entity, host) &&
          (name !== 'RefreshToken' || entity['client_id'] === user.clientId || user.families.has(entity['family_id'])),
      )
      .map(([key]): [typeof name, string] => [name, key]),
  )
}

/**
 * Removes what {@link userKeys} finds.
 *
 * @param document The document, which is changed.
 * @param user Who is signed out.
 * @returns The document; `undefined` where nothing is left in it.
 */
export function removeUser(document: CacheDocument, user: SignedInUser): CacheDocument | undefined {
  for (const [name, key] of userKeys(document, user)) {
    removeEntity(document, name, key)
  }
  const { RefreshToken, AccessToken, IdToken, Account, AppMetadata, ...unknown } = document
  const rest = { ...unknown, ...RefreshToken, ...AccessToken, ...IdToken, ...Account, ...AppMetadata }
  return Object.keys(rest).length > 0 ? document : undefined
}

function isIn({ environment }: CacheEntity, host: string): boolean {
  return isText(environment) && canonicalHost(environment) === host
}
