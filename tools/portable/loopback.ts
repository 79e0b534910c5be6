import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Loopback extends AsyncDisposable {
  origin: string
  /** What `/bundle.js` answers from now on. */
  serve(script: string): void
}

/** A server on 127.0.0.1 with an empty page to run a bundle in. */
export async function openLoopback(): Promise<Loopback> {
  let bundle = ''
  const server = createServer((request, response) => {
    if (request.url === '/bundle.js') {
      response.setHeader('content-type', 'text/javascript; charset=utf-8').end(bundle)
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>portable tests</title>')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (script) => {
      bundle = script
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
