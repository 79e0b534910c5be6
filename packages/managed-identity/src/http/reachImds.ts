import { AuthError, isAuthError } from '@latchkey/core'
import { send, type HttpResponse } from '@latchkey/core/internal'
import type { ManagedIdentityClient } from '../ManagedIdentityClient.js'

/** How much of the time is waited for the answer itself, before somebody is looked for who would give one. */
const SHARE = 0.4

/**
 * Waits for the endpoint of a virtual machine, but not for one that is not there.
 *
 * Where it stays silent, a second, empty request is sent, which a real endpoint refuses at once, however busy it is with the first.
 * Only where that one stays silent too, there is held to be none.
 *
 * @param client The limits and what sends.
 * @param url The endpoint.
 * @param signal Ends the waiting.
 * @param exchange Sends the request itself until its signal is aborted, and tells of each answer.
 * @returns The response.
 * @throws {AuthError} `managed_identity_unavailable` when nobody is there; what `exchange` rejects with.
 */
export async function reachImds(
  client: ManagedIdentityClient,
  url: string,
  signal: AbortSignal,
  exchange: (signal: AbortSignal, heard: () => void) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { detectionTimeout } = client
  const silent = new AbortController()
  let isThere = detectionTimeout === Infinity
  const heard = (): void => {
    isThere = true
    clearTimeout(timer)
  }
  const look = async (): Promise<void> => {
    const timeout = Math.max(1, detectionTimeout * (1 - SHARE))
    const once = { ...client, maxRetries: 0, timeout } as unknown as Parameters<typeof send>[0]
    await send(once, { method: 'GET', url, headers: {}, signal: silent.signal }).then(heard, () => {
      if (!isThere) silent.abort(nobody(url, 'it does not answer'))
    })
  }
  const stop = (): void => silent.abort(signal.reason)
  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  if (!isThere) timer = setTimeout(() => void look(), Math.min(detectionTimeout * SHARE, 2 ** 31 - 1))
  try {
    const response = await exchange(silent.signal, heard)
    const { headers } = response
    // The endpoint of another cloud has the same address.
    if (headers.has('metadata-flavor') || /^EC2ws/i.test(headers.get('server') ?? ''))
      throw nobody(url, 'this is another cloud')
    return response
  } catch (error) {
    if (!isThere && isAuthError(error) && error.code === 'network_error') throw nobody(url, error.message, error)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    heard()
    silent.abort()
  }
}

function nobody(url: string, reason: string, cause?: unknown): AuthError {
  const message = `Cannot find a managed identity here: nobody is at ${new URL(url).host}: ${reason}`
  return new AuthError('managed_identity_unavailable', message, { cause })
}
