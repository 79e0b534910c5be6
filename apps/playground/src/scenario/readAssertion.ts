import { decodeJwt, decodeProtectedHeader } from 'jose'

/** What a client assertion says, without its signature. */
export interface ReadAssertion {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Reads a client assertion, without any check.
 *
 * @param assertion What was sent.
 * @returns Its header and claims; `undefined` where it is not a JWT.
 */
export function readAssertion(assertion: string): ReadAssertion | undefined {
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, claims: decodeJwt(assertion) }
  } catch {
    return undefined
  }
}
