import { AuthError } from '@latchkey/core'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A listener that is there for one sign-in. */
export interface Listener {
  /** The port it is on. */
  readonly port: number
  /** Frees the port and ends every connection; resolves when that is done. */
  close(): Promise<void>
}

/** A request has to be here in this time, in ms; the answer to it may take as long as it does. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 15_000, connectionsCheckingInterval: 1000 }
/** Bytes: the cookies of everything else on localhost come along. */
const HEADER_LIMIT = 65_536
const CONNECTION_LIMIT = 256
/** Tries to find a port that is free for both versions of IP. */
const TRIES = 10

/**
 * Listens on this machine's loopback addresses, on one port.
 *
 * Browsers may take `localhost` for `::1`: what listens there gets the answer, so it has to be us.
 *
 * @param where The address, and the port or 0.
 * @param answer Answers a request.
 * @returns The listener.
 * @throws {AuthError} `network_error` when the port cannot be had.
 */
export async function listen(
  { host, port }: { readonly host: string; readonly port: number },
  answer: RequestListener,
): Promise<Listener> {
  for (let left = TRIES; ; left--) {
    const first = await bind(host, port, answer).catch((error: unknown) => Promise.reject(unavailable(port, error)))
    if (host !== '127.0.0.1') return first
    try {
      const second = await bind('::1', first.port, answer)
      return { port: first.port, close: async () => void (await Promise.all([first.close(), second.close()])) }
    } catch (error) {
      if (hasNoIpv6(error)) return first
      await first.close()
      if (port !== 0 || left === 1) throw unavailable(port, error)
    }
  }
}

async function bind(host: string, port: number, answer: RequestListener): Promise<Listener> {
  const server = createServer({ ...LIMITS, maxHeaderSize: HEADER_LIMIT }, answer)
  server.maxConnections = CONNECTION_LIMIT
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Not shared with the other workers of a cluster.
    server.listen({ host, port, exclusive: true }, resolve)
  })
  server.on('error', () => {}) // a connection that could not be accepted: the waiting goes on
  let closing: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= close(server)),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function hasNoIpv6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'].includes(codeOf(error))
}

function unavailable(port: number, cause: unknown): AuthError {
  const code = codeOf(cause)
  const why = code === 'EADDRINUSE' ? 'it is taken' : code === 'EACCES' ? 'it is not allowed here' : code || 'it failed'
  const remedy = port === 0 ? '' : '; leave port out for a free one'
  return new AuthError('network_error', `Cannot listen on ${port ? `port ${port}` : 'any port'}: ${why}${remedy}`, {
    cause,
  })
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? ''
}
