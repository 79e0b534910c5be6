import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { requestToken } from './requestToken.js'

const emulator = createEmulator({ signingKey: generateSigningKey() })
const host = 'https://login.microsoftonline.com'

function post(body: BodyInit, path = `/${emulator.defaults.tenantId}/oauth2/v2.0/token`): Promise<Response> {
  return emulator.fetch(host + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
}

test('a body of 50 kB is read, and one above 1 MB is refused', async () => {
  expect((await requestToken(emulator, { filler: 'x'.repeat(50_000) })).status).toBe(200)
  expect((await requestToken(emulator, { filler: 'x'.repeat(1_048_576) })).status).toBe(413)
  expect(emulator.requests.at(-1)).toMatchObject({ status: 413 })
})

test('a body without an end is refused without being read', async () => {
  let pulls = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulls++
      controller.enqueue(new Uint8Array(65_536))
    },
  })
  expect((await post(endless)).status).toBe(413)
  expect(pulls).toBeLessThan(40)
})

test.each([
  ['repeated parameters', 'grant_type=client_credentials&grant_type=client_credentials', 9002313],
  ['a bad percent encoding', 'grant_type=%zz%', 70003],
  ['bytes that are not UTF-8', Uint8Array.of(0x61, 0x3d, 0xff, 0xfe), 900144],
  ['a prototype name', '__proto__=x&constructor=y', 900144],
  ['nothing', '', 900144],
])('%s', async (_, body, number) => {
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error_codes: [number] })
})

test.each([
  ['/__proto__/oauth2/v2.0/token', 400],
  ['/constructor/oauth2/v2.0/token', 400],
  ['/%zz/oauth2/v2.0/token', 400],
  ['/%00/oauth2/v2.0/token', 400],
  ['/%2e%2e/oauth2/v2.0/token', 404],
  ['/a/../../oauth2/v2.0/token', 404],
  ['/', 404],
  ['//', 404],
  [`/${'a'.repeat(10_000)}/oauth2/v2.0/token`, 400],
])('the path %s', async (path, status) => {
  const response = await post('grant_type=client_credentials', path)
  expect(response.status).toBe(status)
  expect((await response.text()).length).toBeLessThan(1000)
})

test.each(['Basic', 'Basic %', 'Basic eA==', 'Basic JTp4', 'Bearer x', 'x'.repeat(10_000)])(
  'the authorization header %s',
  async (authorization) => {
    const init = { headers: { authorization } }
    const response = await requestToken(emulator, { client_secret: undefined }, { init })
    expect([400, 401]).toContain(response.status)
    expect(await response.json()).toHaveProperty('error_codes')
  },
)

test('no request makes the emulator fail', async () => {
  const known = fc.constantFrom('client_credentials', '{', '/.default')
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), known)
  const names = ['grant_type', 'client_id', 'scope', 'claims', 'client_assertion', 'client_assertion_type']
  const form = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), text)
  await fc.assert(
    fc.asyncProperty(fc.webPath(), form, async (path, fields) => {
      expect((await post(new URLSearchParams(fields), path || '/')).status).toBeLessThan(500)
      expect((await requestToken(emulator, fields)).status).toBeLessThan(500)
    }),
  )
})
