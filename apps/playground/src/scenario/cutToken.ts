/** What stands where a part of a token was cut out. */
export const CUT = '‹cut›'

/**
 * Makes a token useless, and keeps what can be read in it.
 *
 * @param token A token, or the beginning of one.
 * @returns A JWT without its signature; of any other token nothing but the mark.
 */
export function cutToken(token: string): string {
  const [header = '', payload, signature] = token.split('.')
  if (!header.startsWith('eyJ') || payload === undefined) return CUT
  return signature === undefined ? `${header}.${payload}` : `${header}.${payload}.${CUT}`
}
