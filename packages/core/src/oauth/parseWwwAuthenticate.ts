import { expect } from '../arguments/expect.js'

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** The scheme, in lower case. */
  readonly scheme: string
  /** The parameters, by name in lower case. */
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Reads the challenges of a `WWW-Authenticate` header, of which there may be several.
 *
 * @param header The header's value; nothing where there is none. No more than 16,384 characters of it are read.
 * @returns The challenges, in order; of what cannot be read, nothing.
 * @throws {TypeError} when the header is not a text.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 RFC 9110, section 11.6.1}
 */
export function parseWwwAuthenticate(header: string | null | undefined): Challenge[] {
  expect(header === null || header === undefined || typeof header === 'string', 'header', 'the value of a header')
  // A name with a value, quoted or not, is a parameter; a name with a blank or the end after it is a scheme.
  const parts = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|(?=[\s,]|$))/g
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  for (const [, name = '', quoted, token] of (header ?? '').slice(0, 16_384).matchAll(parts)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? token
    const lower = name.toLowerCase()
    const parameters = challenges.at(-1)?.parameters
    if (value === undefined) challenges.push({ scheme: lower, parameters: new Map() })
    else if (!parameters?.has(lower)) parameters?.set(lower, value) // the first of two of a name counts
  }
  return challenges.map(({ scheme, parameters }) => ({ scheme, parameters: Object.fromEntries(parameters) }))
}
