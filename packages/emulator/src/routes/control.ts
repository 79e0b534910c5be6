import type { EmulatorDefaults } from '../defaults.js'
import type { Exchange } from '../Exchange.js'
import type { Fault } from '../Fault.js'
import type { Faults } from '../createFaults.js'
import type { RecordedRequest } from '../requestLog.js'

/** What the control endpoints reach of an emulator. */
export interface Controlled {
  readonly defaults: EmulatorDefaults
  readonly faults: Faults
  readonly requests: readonly RecordedRequest[]
  readonly clearRequests: () => void
}

/**
 * Answers `/.emulator`, where other processes and pages drive the emulator; Entra has no such path.
 *
 * Only pages of this machine may call it, and faults must come as JSON, so that no other page can switch one on.
 *
 * @param emulator What is driven.
 * @param exchange The request; it is neither logged nor hit by faults.
 * @returns The answer.
 */
export function control(emulator: Controlled, exchange: Exchange): Response {
  const response = answer(emulator, exchange)
  const origin = exchange.request.headers.get('origin')
  if (origin !== null && isLoopback(origin)) {
    response.headers.set('access-control-allow-origin', origin)
    response.headers.set('access-control-allow-methods', 'GET, POST, DELETE')
    response.headers.set('access-control-allow-headers', 'content-type')
    response.headers.set('vary', 'origin')
  }
  response.headers.set('cache-control', 'no-store')
  return response
}

function answer(emulator: Controlled, exchange: Exchange): Response {
  const origin = exchange.request.headers.get('origin')
  if (origin !== null && !isLoopback(origin)) return refuse(403, 'Only pages of this machine may drive the emulator')
  if (exchange.request.method === 'OPTIONS') return new Response(null, { status: 204 })
  switch (`${exchange.request.method} ${exchange.url.pathname.replace(/\/$/, '')}`) {
    case 'GET /.emulator':
      return Response.json({ defaults: emulator.defaults })
    case 'GET /.emulator/requests':
      return Response.json({ requests: emulator.requests })
    case 'DELETE /.emulator/requests':
      emulator.clearRequests()
      return new Response(null, { status: 204 })
    case 'GET /.emulator/faults':
      return Response.json({ faults: emulator.faults.list() })
    case 'POST /.emulator/faults':
      return addFault(emulator.faults, exchange)
    case 'DELETE /.emulator/faults':
      emulator.faults.clear()
      return new Response(null, { status: 204 })
    default:
      return refuse(404, 'See /.emulator, /.emulator/requests and /.emulator/faults')
  }
}

function addFault(faults: Faults, exchange: Exchange): Response {
  if (!/^application\/json\b/i.test(exchange.request.headers.get('content-type') ?? ''))
    return refuse(415, 'A fault must be sent as application/json')
  try {
    return Response.json({ id: faults.add(JSON.parse(exchange.body) as Fault) }, { status: 201 })
  } catch (error) {
    return refuse(400, error instanceof TypeError ? error.message : 'Cannot add a fault: the body is not JSON')
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status })
}

function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  return /^(localhost|.+\.localhost|\[::1\]|127(\.\d+){3})$/.test(new URL(origin).hostname)
}
