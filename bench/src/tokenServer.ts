import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { createCertificate } from '@latchkey/emulator'

/** What the parent process is told once it listens. */
export interface Listening {
  origin: string
  /** PEM, for NODE_EXTRA_CA_CERTS; empty without TLS. */
  certificate: string
}

/**
 * Serves token responses as fast as Node can, in this process: the address goes to the parent; to each of its
 * messages the number of token requests so far is the answer, and the count begins anew.
 *
 * @param tls Whether to use TLS, with a certificate made now.
 * @param delay Milliseconds before each answer.
 */
async function serve(tls: boolean, delay: number): Promise<void> {
  let requests = 0
  let issued = 0
  let origin = ''
  const answer: RequestListener = (request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (request.method === 'POST') requests++
      const body = request.method === 'POST' ? token(issued++) : configuration(origin, request.url ?? '')
      setTimeout(() => response.end(body), delay)
    })
  }
  const { privateKey, certificate } = tls ? await createCertificate('localhost') : { privateKey: '', certificate: '' }
  const server = tls ? createHttpsServer({ key: privateKey, cert: certificate }, answer) : createHttpServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  origin = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  process.on('message', () => {
    process.send?.(requests)
    requests = 0
  })
  process.on('disconnect', () => process.exit())
  process.send?.({ origin, certificate } satisfies Listening)
}

/** As long as Entra's are. */
const token = (number: number): string =>
  JSON.stringify({
    token_type: 'Bearer',
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: `token-${number}-`.padEnd(1536, 'x'),
  })

/** For programs that look up an authority that they do not know. */
const configuration = (origin: string, url: string): string => {
  const tenant = `${origin}/${url.split('/')[1]}`
  return JSON.stringify({
    issuer: `${tenant}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
  })
}

await serve(process.argv[2] === 'https', Number(process.argv[3]))
