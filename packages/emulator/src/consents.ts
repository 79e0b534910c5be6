import { remember } from './remember.js'

/** One consent: which app may use which permissions of an API, for whom. */
export interface Consent {
  /** The app that may use them, by client ID. */
  readonly clientId: string
  /** The tenant in which it may. */
  readonly tenantId: string
  /** For whom, by object ID in that tenant; for everybody there when undefined (admin consent). */
  readonly userId?: string | undefined
  /** The API, by client ID. */
  readonly apiId: string
  /** The delegated permissions, such as `Mail.Read`. */
  readonly scopes: readonly string[]
}

/** The consents that people have given. */
export interface Consents {
  /** Adds a consent to those that were given before. */
  grant(consent: Consent): void
  /** Takes back every consent that an app was given. */
  revoke(clientId: string): void
  /** Lists what an app may use of an API, for one user. */
  list(consent: Omit<Consent, 'scopes'>): readonly string[]
}

/**
 * Makes an empty list of consents.
 *
 * @returns The list.
 */
export function createConsents(): Consents {
  const scopesByKey = new Map<string, ReadonlySet<string>>()
  const keyOf = ({ clientId, tenantId, userId, apiId }: Omit<Consent, 'scopes'>): string =>
    [clientId, tenantId, userId ?? '*', apiId].join(' ').toLowerCase()
  return {
    grant(consent) {
      const key = keyOf(consent)
      remember(scopesByKey, key, new Set([...(scopesByKey.get(key) ?? []), ...consent.scopes]))
    },
    revoke(clientId) {
      for (const key of scopesByKey.keys()) if (key.startsWith(`${clientId.toLowerCase()} `)) scopesByKey.delete(key)
    },
    list: (consent) => [
      ...(scopesByKey.get(keyOf({ ...consent, userId: undefined })) ?? []),
      ...(scopesByKey.get(keyOf(consent)) ?? []),
    ],
  }
}
