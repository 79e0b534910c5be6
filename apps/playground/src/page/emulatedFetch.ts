/**
 * Sends a request to the emulator on this page's server, under the host that it was meant for.
 *
 * @param input The URL.
 * @param init As for `fetch`.
 * @returns The response.
 */
export async function emulatedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { protocol, host, pathname, search } = new URL(input instanceof Request ? input.url : input)
  return fetch(`/emulated/${protocol.slice(0, -1)}/${host}${pathname}${search}`, init)
}
