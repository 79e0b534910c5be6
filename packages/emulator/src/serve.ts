import type { Emulator } from './createEmulator.js'
import { loadNodeHttp, type NodeRequest, type NodeResponse, type NodeServer, type NodeSocket } from './nodeHttp.js'

/** Where an emulator is served. */
export interface ServeOptions {
  /** 0 for a free one. @default 0 */
  readonly port?: number | undefined
  /** Serves with TLS, with this certificate: PEM, such as `createCertificate('localhost')` makes. @default without TLS */
  readonly tls?: { readonly privateKey: string; readonly certificate: string } | undefined
  /** The name in the address; the server listens on 127.0.0.1 in any case. @default 127.0.0.1 */
  readonly hostname?: '127.0.0.1' | 'localhost' | undefined
}

/** An emulator on a port. */
export interface ServedEmulator {
  /** Its address, without a slash at the end. */
  readonly url: string
  /** The port it listens on: the one that was free when 0 was asked for. */
  readonly port: number
  /** Stops listening and ends every open connection. */
  close(): Promise<void>
}

/**
 * Serves an emulator on a port of this machine, in a runtime that has `node:http` (Node, Deno, Bun).
 *
 * @param emulator What is served; its faults break real connections then.
 * @param options The port.
 * @returns The address, when it listens; rejects when the port is taken.
 * @throws {TypeError} when an option is wrong.
 */
export async function serve(emulator: Emulator, options: ServeOptions = {}): Promise<ServedEmulator> {
  const port = options.port ?? 0
  const hostname = options.hostname ?? '127.0.0.1'
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError('Cannot serve: port must be an integer from 0 to 65535')
  if (hostname !== '127.0.0.1' && hostname !== 'localhost')
    throw new TypeError('Cannot serve: hostname must be 127.0.0.1 or localhost')

  const { tls } = options
  if (tls !== undefined && (typeof tls?.privateKey !== 'string' || typeof tls.certificate !== 'string'))
    throw new TypeError('Cannot serve: tls must have a privateKey and a certificate')

  const http = await loadNodeHttp(tls !== undefined)
  const ownScheme = tls ? 'https' : 'http'
  const server = http.createServer(tls ? { key: tls.privateKey, cert: tls.certificate } : {}, (request, response) => {
    void exchange(emulator, request, response, ownScheme)
  })
  const sockets = new Set<NodeSocket>()
  for (const event of ['connection', 'secureConnection'] as const)
    server.on(event, (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  await listen(server, port)
  const { port: actualPort } = server.address() as { readonly port: number }
  return {
    url: `${ownScheme}://${hostname}:${actualPort}`,
    port: actualPort,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections?.()
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function listen(server: NodeServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

async function exchange(
  emulator: Emulator,
  request: NodeRequest,
  response: NodeResponse,
  ownScheme: 'http' | 'https',
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  try {
    // a proxy in front of it, on this machine, may speak TLS
    const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : ownScheme
    const url = `${scheme}://${request.headers.host ?? '127.0.0.1'}${request.url}`
    if (!request.url?.startsWith('/') || !URL.canParse(url)) return writeEmpty(response, 400)
    const answer = await emulator.fetch(url, {
      ...readInit(request),
      redirect: 'manual',
      signal: gone.signal,
    })
    await write(response, answer)
  } catch {
    response.destroy() // a broken connection of the emulator is one of the socket too
  }
}

function readInit(request: NodeRequest): RequestInit {
  const headers = new Headers()
  for (let index = 0; index < request.rawHeaders.length; index += 2)
    headers.append(request.rawHeaders[index]!, request.rawHeaders[index + 1]!)
  const method = request.method ?? 'GET'
  return method === 'GET' || method === 'HEAD' ? { method, headers } : { method, headers, body: readStream(request) }
}

function readStream(request: NodeRequest): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = request[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    // a body that is too large is read to its end: closing earlier would lose the answer
    async cancel() {
      while (!(await chunks.next()).done);
    },
  })
}

async function write(response: NodeResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].flat())
  for await (const chunk of answer.body ?? []) {
    if (response.destroyed) return
    await new Promise<void>((resolve, reject) => response.write(chunk, (error) => (error ? reject(error) : resolve())))
  }
  response.end()
}

function writeEmpty(response: NodeResponse, status: number): void {
  response.writeHead(status, [])
  response.end()
}
