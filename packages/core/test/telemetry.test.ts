import { expect, test } from 'vitest'
import { acquireTokenForClient } from '@latchkey/core'
import {
  createClient,
  createClock,
  createService,
  rejection,
  scopes,
  settle,
  token,
  type Asked,
} from './fixtures/tokenService.js'

const current = ({ headers }: Asked): string | null => headers.get('x-client-current-telemetry')
const last = ({ headers }: Asked): string | null => headers.get('x-client-last-telemetry')
const refuse = (error: string): Response => Response.json({ error }, { status: 401 })

test('says why the network is used: nothing cached, claims, aging, expired', async () => {
  const clock = createClock()
  const service = createService(() => token({ refresh_in: 1800 }))
  const client = createClient(service, { now: clock.now })
  await acquireTokenForClient(client, { scopes })
  await acquireTokenForClient(client, { scopes, claims: '{}' })
  clock.seconds += 1801
  await acquireTokenForClient(client, { scopes })
  await settle()
  clock.seconds += 3600
  await acquireTokenForClient(client, { scopes })
  expect(service.requests.map(current)).toEqual(['4|730,2|', '4|730,1|', '4|730,4|', '4|730,3|'])
})

test('counts the cache hits since the last success', async () => {
  const service = createService()
  const client = createClient(service)
  const get = (...scopes: string[]) => acquireTokenForClient(client, { scopes })
  await get('a')
  await get('a')
  await get('a')
  await get('b')
  await get('c')
  expect(service.requests.map(last)).toEqual(['4|0|||', '4|2|||', '4|0|||'])
})

test('lists the failures since the last success', async () => {
  const service = createService((_, index) => [refuse('e1'), refuse('e2'), token(), token()][index])
  const client = createClient(service)
  for (const correlationId of ['c1', 'c2'])
    await rejection(acquireTokenForClient(client, { scopes: [correlationId], correlationId }))
  await acquireTokenForClient(client, { scopes: ['a'] })
  await acquireTokenForClient(client, { scopes: ['b'] })
  expect(service.requests.map(last)).toEqual(['4|0|||', '4|0|730,c1|e1|', '4|0|730,c1,730,c2|e1,e2|', '4|0|||'])
})

test('stays short, and says nothing that could break the header', async () => {
  const service = createService(() => refuse('bad|,\r\n;error "ü"'))
  const client = createClient(service)
  for (let call = 0; call < 30; call++) await rejection(acquireTokenForClient(client, { scopes: [`s${call}`] }))
  const header = last(service.requests.at(-1)!) ?? ''
  expect(header.length).toBeLessThan(360)
  expect(header.match(/^4\|0\|([^|]*)\|([^|]*)\|$/)?.[2]?.split(',')[0]).toBe('baderror')
})

test('each client counts for itself', async () => {
  const service = createService()
  const one = createClient(service)
  await acquireTokenForClient(one, { scopes })
  await acquireTokenForClient(one, { scopes })
  await acquireTokenForClient(createClient(service), { scopes })
  expect(service.requests.map(last)).toEqual(['4|0|||', '4|0|||'])
})

test('names the sender, its version and the application', async () => {
  const service = createService()
  await acquireTokenForClient(createClient(service, { appName: 'tester', appVersion: '9.9' }), { scopes })
  await acquireTokenForClient(createClient(service), { scopes })
  const [named, unnamed] = service.requests.map(({ headers }) => Object.fromEntries(headers))
  const sender = {
    'x-client-sku': 'Latchkey',
    'x-client-ver': expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    'x-client-os': process.platform,
    'x-ms-lib-capability': 'retry-after, h429',
    accept: 'application/json',
  }
  expect(named).toMatchObject({ ...sender, 'x-app-name': 'tester', 'x-app-ver': '9.9' })
  expect(unnamed).toMatchObject(sender)
  expect(unnamed).not.toHaveProperty('x-app-name')
  expect(unnamed).not.toHaveProperty('x-app-ver')
})

test('discovery is told nothing of it', async () => {
  const service = createService()
  await acquireTokenForClient(createClient(service, { authority: 'https://login.microsoftonline.com/contoso.com' }), {
    scopes,
  })
  expect(Object.fromEntries(service.requests[0]!.headers)).toEqual({ accept: 'application/json' })
})
