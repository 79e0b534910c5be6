import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from './createApp.js'

/** A server that listens. */
export interface Listening {
  readonly url: string
  close(): void
}

/**
 * Listens on 127.0.0.1.
 *
 * @param app The server.
 * @param port The port; 0 for any free one.
 * @param tries How many ports are tried, upwards, where one is taken.
 * @returns The address.
 * @throws {Error} of `node:net` when every port is taken, or it may not be used.
 */
export async function listen({ fetch }: App, port: number, tries: number): Promise<Listening> {
  for (let offset = 0; ; offset++) {
    const server = createAdaptorServer({ fetch }) as Server
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port + offset, '127.0.0.1', resolve)
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && offset + 1 < tries) continue
      throw error
    }
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      close() {
        server.close()
        server.closeAllConnections()
      },
    }
  }
}
