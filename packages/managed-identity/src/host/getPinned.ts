import { AuthError } from '@latchkey/core'
import type { PinnedRequest } from './ManagedIdentityHost.js'
import type { IncomingMessage, nodeModule, TlsSocket } from './nodeModules.js'

/**
 * Sends a GET to a server that is known by its certificate alone: no byte of the request leaves before that was checked.
 *
 * @param tls Node's `node:tls`.
 * @param http Node's `node:http`, which speaks over the connection that was checked.
 * @param url The address, with https.
 * @param request The headers, and the certificate's thumbprint.
 * @returns The response, its body still on the way.
 * @throws {AuthError} `managed_identity_error` for another certificate.
 */
export async function getPinned(
  tls: NonNullable<ReturnType<typeof nodeModule<'tls'>>>,
  http: NonNullable<ReturnType<typeof nodeModule<'http'>>>,
  url: string,
  { headers, thumbprint, signal }: PinnedRequest,
): Promise<Response> {
  const { hostname, host, port, pathname, search } = new URL(url)
  const address = hostname.replace(/^\[|\]$/g, '')
  signal.throwIfAborted()
  // It signed its certificate itself: the thumbprint is all that vouches for it.
  const socket = tls.connect({ host: address, port: Number(port || 443), rejectUnauthorized: false })
  const abort = (): void => socket.destroy(signal.reason as Error)
  signal.addEventListener('abort', abort)
  socket.on('close', () => signal.removeEventListener('abort', abort))
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('secureConnect', () => resolve())
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('The connection was closed')))
    })
    await checkCertificate(socket, thumbprint)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const path = pathname + search
      // An agent of its own: another's might have a connection that nobody checked.
      const agent = Object.assign(new http.Agent(), { createConnection: () => socket })
      const options = { agent, host: address, port: Number(port || 443), path, method: 'GET' }
      const sent = http.request({ ...options, headers: { ...headers, host, connection: 'close' } }, resolve)
      sent.on('error', reject)
      socket.on('close', () => reject(new Error('The connection was closed')))
      sent.end()
    })
    return toResponse(response, socket)
  } catch (error) {
    socket.destroy()
    throw error
  }
}

async function checkCertificate(socket: TlsSocket, thumbprint: string): Promise<void> {
  const { raw } = socket.getPeerCertificate()
  const digest = raw ? new Uint8Array(await crypto.subtle.digest('SHA-1', raw)) : []
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (actual !== thumbprint)
    throw new AuthError(
      'managed_identity_error',
      `Cannot trust the identity endpoint: its certificate is ${actual || 'missing'}, not ${thumbprint}`,
    )
}

function toResponse(response: IncomingMessage, socket: TlsSocket): Response {
  const headers = new Headers()
  for (let index = 0; index < response.rawHeaders.length; index += 2)
    headers.append(response.rawHeaders[index]!, response.rawHeaders[index + 1]!)
  const chunks = response[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) {
        controller.close()
        socket.destroy()
      } else controller.enqueue(new Uint8Array(value))
    },
    cancel: () => socket.destroy(),
  })
  const { statusCode: status = 502 } = response
  // A Response takes no body for these, nor a status below 200.
  const isEmpty = [204, 205, 304].includes(status)
  if (isEmpty) socket.destroy()
  return new Response(isEmpty ? null : body, { status: status < 200 ? 502 : status, headers })
}
