import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createEmulator } from '@latchkey/emulator'
import { aadsts } from '../src/aadsts.js'
import { requestToken } from './requestToken.js'

const now = Date.UTC(2030, 5, 7, 8, 9, 10)
const vault = 'https://vault.azure.net'
const fabrikam = 'e7b5c1a9-4d80-4f6b-a2c3-9e8d7f60b514'
const emulator = createEmulator({
  now: () => now,
  apps: ['expired', 'public', 'disabled'].map((clientId) => ({
    clientId,
    tenantId: createEmulator().defaults.tenantId,
    secrets: [{ value: 'emulator-secret', expiresAt: clientId === 'expired' ? now : now + 1 }],
    isPublic: clientId === 'public',
    isDisabled: clientId === 'disabled',
  })),
})

interface ErrorBody {
  error: string
  error_description: string
  error_codes: number[]
  timestamp: string
  trace_id: string
  correlation_id: string
  error_uri: string
}

test.each<[string, Record<string, string | undefined>, string | undefined, number, string, number]>([
  ['wrong secret', { client_secret: 'nope' }, undefined, 401, 'invalid_client', 7000215],
  ['no secret', { client_secret: undefined }, undefined, 401, 'invalid_client', 7000216],
  ['empty secret', { client_secret: '' }, undefined, 401, 'invalid_client', 7000216],
  ['expired secret', { client_id: 'expired' }, undefined, 401, 'invalid_client', 7000222],
  ['public client', { client_id: 'public' }, undefined, 401, 'invalid_client', 700025],
  ['disabled app', { client_id: 'disabled' }, undefined, 400, 'unauthorized_client', 7000112],
  ['unknown app', { client_id: 'nobody' }, undefined, 400, 'unauthorized_client', 700016],
  ['app of another tenant', {}, fabrikam, 400, 'unauthorized_client', 700016],
  ['personal accounts', {}, 'consumers', 400, 'unauthorized_client', 700016],
  ['unknown tenant ID', {}, '00000000-0000-4000-8000-000000000000', 400, 'invalid_request', 90002],
  ['unknown domain', {}, 'nowhere.example', 400, 'invalid_request', 90002],
  ['no tenant name', {}, '__proto__', 400, 'invalid_request', 900023],
  ['scope without .default', { scope: 'api://things/Read' }, undefined, 400, 'invalid_scope', 1002012],
  ['scope of nothing', { scope: '/.default' }, undefined, 400, 'invalid_scope', 1002012],
  ['reserved scope', { scope: 'api://things/.default openid' }, undefined, 400, 'invalid_scope', 1002012],
  ['two resources', { scope: `api://things/.default ${vault}/.default` }, undefined, 400, 'invalid_scope', 28000],
  ['unknown resource', { scope: 'api://nothing/.default' }, undefined, 400, 'invalid_resource', 500011],
  ['no scope', { scope: undefined }, undefined, 400, 'invalid_request', 900144],
  ['empty scope', { scope: ' ' }, undefined, 400, 'invalid_request', 900144],
  ['no grant', { grant_type: undefined }, undefined, 400, 'invalid_request', 900144],
  ['no client', { client_id: undefined }, undefined, 400, 'invalid_request', 900144],
  ['unsupported grant', { grant_type: 'magic' }, undefined, 400, 'unsupported_grant_type', 70003],
  ['claims that are not JSON', { claims: '{' }, undefined, 400, 'invalid_request', 9002313],
])('%s', async (_, fields, tenant, status, error, number) => {
  const correlationId = '5f3b9c1e-0d2a-4e6f-8a7b-1c2d3e4f5a6b'
  const init = { headers: { 'client-request-id': correlationId } }
  const response = await requestToken(emulator, fields, { init, ...(tenant ? { tenant } : {}) })
  const body = (await response.json()) as ErrorBody
  const ids = `Trace ID: ${body.trace_id} Correlation ID: ${correlationId} Timestamp: 2030-06-07 08:09:10Z`
  expect(response.status).toBe(status)
  expect(response.headers.get('cache-control')).toContain('no-store')
  expect(body).toEqual({
    error,
    error_description: expect.stringMatching(new RegExp(`^AADSTS${number}: .+ ${ids}$`)),
    error_codes: [number],
    timestamp: '2030-06-07 08:09:10Z',
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  })
  expect(JSON.stringify(body)).not.toContain('emulator-secret')
})

test('the token endpoint only accepts POST', async () => {
  const response = await emulator.fetch(`${emulator.defaults.authority}/oauth2/v2.0/token`)
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('POST, OPTIONS')
  expect(await response.json()).toMatchObject({ error_codes: [900561] })
})

test('a body that is not a form has no parameters', async () => {
  const body = JSON.stringify({ grant_type: 'client_credentials' })
  const init = { body, headers: { 'content-type': 'application/json' } }
  expect(await (await requestToken(emulator, {}, { init })).json()).toMatchObject({ error_codes: [900144] })
})

test('the README names every number, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, list = ''] = /its AADSTS numbers:\n([\d,\s]+)\./.exec(readme)!
  expect(list.split(/,\s+/)).toEqual(Object.keys(aadsts))
})
