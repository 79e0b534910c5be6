/**
 * Reads an address that a password may be sent to, or that may say where to send it.
 *
 * @param address The address.
 * @param allowLoopback Whether `http:` is enough on this machine.
 * @returns The URL; nothing where it is none, is not HTTPS, or names a user.
 */
export function safeUrl(address: unknown, allowLoopback: boolean): URL | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const url = new URL(address)
  const isSafe = url.protocol === 'https:' || (allowLoopback && isLoopback(url))
  return isSafe && !url.username && !url.password ? url : undefined
}

/**
 * Tells whether a URL is plain HTTP on this machine.
 *
 * @param url The URL.
 * @returns Whether it is.
 */
export function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname)
}
