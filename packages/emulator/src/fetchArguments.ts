/** What a call of fetch asked for, apart from the request itself. */
export interface FetchArguments {
  readonly request: Request
  readonly signal?: AbortSignal | undefined
  readonly redirect: RequestRedirect
}

/**
 * Reads the arguments of a fetch call.
 *
 * Only what the emulator needs is handed to `Request`: runtimes refuse different members (`cache`, `mode`, a signal of
 * another realm).
 *
 * @param input The first argument.
 * @param init The second argument.
 * @returns The request, the signal and the redirect mode.
 * @throws {TypeError} when they make no request, as fetch does.
 */
export function readFetchArguments(input: string | URL | Request, init: RequestInit = {}): FetchArguments {
  const given = typeof input === 'object' && 'headers' in input ? input : undefined
  const members: RequestInit & { duplex?: 'half' } = { redirect: 'manual' }
  if (init.method !== undefined) members.method = init.method
  if (init.headers !== undefined) members.headers = init.headers
  if (init.body !== undefined) members.body = init.body
  if (init.body instanceof ReadableStream) members.duplex = 'half'
  return {
    request: new Request(input, members),
    signal: init.signal === undefined ? given?.signal : (init.signal ?? undefined),
    redirect: init.redirect ?? given?.redirect ?? 'follow',
  }
}
