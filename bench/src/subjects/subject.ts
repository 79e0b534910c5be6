/** What a token is for. */
export interface Entry {
  readonly tenant: string
  readonly scope: string
}

/** A library and its cache, in this process. */
export interface Subject {
  /** Puts the tokens of the first entries into the empty cache; no string is one of a later request. */
  fill(count: number): Promise<void>
  /** Gets an entry's token: cache first, then the token service. */
  acquire(index: number): Promise<{ readonly accessToken: string } | null>
  /** Removes all tokens of the app. */
  removeAll(): Promise<void>
}

/** Makes a subject with an empty cache that can be asked for the first entries of a shape. */
export type CreateSubject = (shape: Shape, count: number) => Subject

/** How many tokens are spread: an app that calls n APIs in its tenant, or a service that calls one API in n tenants. */
export type Shape = 'scopes' | 'tenants'

export const clientId = '11111111-1111-1111-1111-111111111111'

/**
 * Lists entries that differ in one way.
 *
 * @param shape In which.
 * @param count How many.
 * @returns The entries; no two share a string object.
 */
export const entriesOf = (shape: Shape, count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => ({
    tenant: `22222222-2222-2222-2222-${String(shape === 'tenants' ? index : 0).padStart(12, '0')}`,
    scope: `api://app-${String(shape === 'scopes' ? index : 0).padStart(6, '0')}/.default`,
  }))

/** An entry's token: 1.5 KiB, as Entra's are. */
export const tokenOf = ({ tenant, scope }: Entry): string => `${tenant} ${scope} `.padEnd(1536, 'x')
