import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createPublicClient, type FederationRequest } from '@latchkey/core'
import { send } from '@latchkey/core/internal'
import { answer, assertions, fault } from './fixtures/answers.js'
import { ACTION_13, metadata } from './fixtures/metadata.js'
import { PASSWORD, request } from './provider.js'

let close = async (): Promise<void> => {}
afterEach(() => close())

/** A provider on a port: what it is asked, and how a client of ours asks it. */
async function serve(
  listener: (origin: string) => RequestListener,
): Promise<{ asked: string[]; more: Partial<FederationRequest> }> {
  const asked: string[] = []
  let origin = ''
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    asked.push(`${method} ${url} ${headers['soapaction'] ?? ''}`.trim())
    incoming.resume().on('end', () => listener(origin)(incoming, outgoing))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createPublicClient({ clientId: 'id', maxRetries: 3 })
  return { asked, more: { metadataUrl: `${origin}/mex`, send: (one) => send(client, one) } }
}
const describing = (origin: string): string => metadata([{ name: 'one', address: `${origin}/trust` }])

test('a provider on a port gives its assertion', async () => {
  const assertion = assertions['characters of every size']!
  const { asked, more } = await serve((origin) => ({ method }, outgoing) => {
    outgoing.end(method === 'GET' ? describing(origin) : answer(assertion))
  })
  expect(await request({}, more).acquire()).toMatchObject({ assertion })
  expect(asked).toEqual(['GET /mex', `POST /trust ${ACTION_13}`])
})

test('a wrong password is sent once, though the status is 500', async () => {
  const { asked, more } = await serve((origin) => ({ method }, outgoing) => {
    if (method === 'GET') return outgoing.end(describing(origin))
    outgoing.writeHead(500).end(fault())
  })
  await expect(request({}, more).acquire()).rejects.toMatchObject({ code: 'invalid_grant', status: 500 })
  expect(asked).toEqual(['GET /mex', `POST /trust ${ACTION_13}`])
})

test('redirects are not followed', async () => {
  const { asked, more } = await serve((origin) => ({ method, url }, outgoing) => {
    if (url === '/mex') return outgoing.end(describing(origin))
    outgoing.writeHead(method === 'GET' ? 302 : 307, { location: `${origin}/elsewhere` }).end()
  })
  await expect(request({}, more).acquire()).rejects.toMatchObject({ code: 'invalid_response', status: 307 })
  const { origin } = new URL(more.metadataUrl!)
  const moved = { ...more, metadataUrl: `${origin}/moved` }
  await expect(request({}, moved).acquire()).rejects.toMatchObject({ code: 'invalid_response', status: 302 })
  expect(asked).toEqual(['GET /mex', `POST /trust ${ACTION_13}`, 'GET /moved'])
})

test('a provider that hangs up is a network error without the password, and is not asked again', async () => {
  const { asked, more } = await serve((origin) => ({ method, socket }, outgoing) => {
    if (method === 'GET') return outgoing.end(describing(origin))
    socket.destroy()
  })
  const error: unknown = await request({}, more)
    .acquire()
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'network_error' })
  expect(JSON.stringify(error) + String(error)).not.toContain(PASSWORD)
  expect(asked).toHaveLength(2)
})
