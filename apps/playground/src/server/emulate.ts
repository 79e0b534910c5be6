import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { HttpBindings } from '@hono/node-server'
import type { Emulator } from '@latchkey/emulator'
import type { Context } from 'hono'

/**
 * Lets the emulator answer a request, under the host that the client meant.
 *
 * @param emulator The emulator.
 * @param c The request.
 * @param url What the client asked for.
 * @returns The answer; where the emulator breaks the connection, the socket is broken too.
 */
export async function emulate(
  emulator: Emulator,
  c: Context<{ Bindings: HttpBindings }>,
  url: string,
): Promise<Response> {
  const { method, headers, signal } = c.req.raw
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: await c.req.arrayBuffer() }
  try {
    return await emulator.fetch(url, { method, headers, signal, redirect: 'manual', ...body })
  } catch {
    c.env.outgoing.destroy()
    return RESPONSE_ALREADY_SENT
  }
}
