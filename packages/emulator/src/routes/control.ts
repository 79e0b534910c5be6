import type { App } from '../App.js'
import type { Person } from '../actAs.js'
import type { Faults } from '../createFaults.js'
import type { EmulatorDefaults } from '../defaults.js'
import type { Directory } from '../directory.js'
import type { Exchange } from '../Exchange.js'
import type { Fault } from '../Fault.js'
import type { People, RefreshTokenOptions } from '../people.js'
import type { ManagedIdentity } from '../ManagedIdentity.js'
import type { RecordedRequest } from '../requestLog.js'
import type { Tenant } from '../Tenant.js'
import type { User } from '../User.js'

/** What the control endpoints reach of an emulator. */
export interface Controlled extends People {
  readonly defaults: EmulatorDefaults
  readonly directory: Directory
  readonly faults: Faults
  readonly requests: readonly RecordedRequest[]
  readonly clearRequests: () => void
}

/** What a POST does with the JSON that it carries; undefined is answered without a body. */
type Action = (emulator: Controlled, body: Record<string, unknown>) => unknown

const actions: ReadonlyMap<string, Action> = /* @__PURE__ */ new Map<string, Action>([
  ['faults', ({ faults }, body) => ({ id: faults.add(body as unknown as Fault) })],
  ['tenants', ({ directory }, body) => directory.addTenant(body as unknown as Tenant)],
  ['apps', ({ directory }, body) => directory.addApp(body as unknown as App)],
  ['users', ({ directory }, body) => directory.addUser(body as unknown as User)],
  ['managed-identities', ({ directory }, body) => directory.addManagedIdentity(body as unknown as ManagedIdentity)],
  ['sign-in', ({ signIn }, { authUri, ...person }) => signIn(authUri as string, person as unknown as Person)],
  [
    'approve-device',
    ({ approveDevice }, { userCode, ...person }) => approveDevice(userCode as string, person as unknown as Person),
  ],
  ['decline-device', ({ declineDevice }, { userCode }) => declineDevice(userCode as string)],
  [
    'refresh-token',
    async ({ issueRefreshToken }, body) => ({
      refreshToken: await issueRefreshToken(body as unknown as RefreshTokenOptions),
    }),
  ],
  ['revoke-sessions', ({ revokeSessions }, { username }) => revokeSessions(username as string)],
])

/**
 * Answers `/.emulator`, where other processes and pages drive the emulator; Entra has no such path.
 *
 * Only pages of this machine may call it, and what changes something must come as JSON, so that no other page can do it.
 *
 * @param emulator What is driven.
 * @param exchange The request; it is neither logged nor hit by faults.
 * @returns The answer.
 */
export async function control(emulator: Controlled, exchange: Exchange): Promise<Response> {
  const response = await answer(emulator, exchange)
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

async function answer(emulator: Controlled, exchange: Exchange): Promise<Response> {
  const { request, url } = exchange
  const origin = request.headers.get('origin')
  // the second: a page whose name was made to point to this machine
  if ((origin !== null && !isLoopback(origin)) || !isLoopback(url.origin))
    return refuse(403, 'Only pages of this machine may drive the emulator')
  if (request.method === 'OPTIONS') return new Response(null, { status: 204 })
  const path = url.pathname.replace(/\/$/, '')
  const action = request.method === 'POST' ? actions.get(path.slice('/.emulator/'.length)) : undefined
  if (action) return act(emulator, action, exchange)
  switch (`${request.method} ${path}`) {
    case 'GET /.emulator':
      return Response.json({ defaults: emulator.defaults })
    case 'GET /.emulator/requests':
      return Response.json({ requests: emulator.requests })
    case 'DELETE /.emulator/requests':
      emulator.clearRequests()
      return new Response(null, { status: 204 })
    case 'GET /.emulator/faults':
      return Response.json({ faults: emulator.faults.list() })
    case 'DELETE /.emulator/faults':
      emulator.faults.clear()
      return new Response(null, { status: 204 })
    default:
      return refuse(404, `See /.emulator, /.emulator/requests, and by POST: ${[...actions.keys()].join(', ')}`)
  }
}

async function act(emulator: Controlled, action: Action, { request, body }: Exchange): Promise<Response> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return refuse(415, 'Send it as application/json')
  const fields = parse(body)
  if (!fields) return refuse(400, 'The body is not a JSON object')
  try {
    const result = await action(emulator, fields)
    return result === undefined ? new Response(null, { status: 204 }) : Response.json(result, { status: 201 })
  } catch (error) {
    return refuse(400, error instanceof Error ? error.message : 'It failed')
  }
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status })
}

function isLoopback(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  return /^(localhost|.+\.localhost|\[::1\]|127(\.\d+){3})$/.test(new URL(origin).hostname)
}
