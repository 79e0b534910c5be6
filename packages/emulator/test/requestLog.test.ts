import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { createBrowser } from './browser.js'
import { requestToken } from './requestToken.js'
import { authUri, host, post, redeem, verifier } from './userFlow.js'

const signingKey = generateSigningKey()

test('the log says what was asked and answered', async () => {
  const answered: unknown[] = []
  const emulator = createEmulator({
    signingKey,
    now: () => 1_900_000_000_000,
    onRequest: (entry) => answered.push(entry),
  })
  const { tenantId, clientId, scope } = emulator.defaults
  await requestToken(emulator, {}, { init: { headers: { 'x-client-sku': 'test' } } })
  expect(emulator.requests).toEqual([
    {
      at: 1_900_000_000_000,
      method: 'POST',
      url: `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': expect.stringContaining('x-www-form-urlencoded'), 'x-client-sku': 'test' },
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: '<redacted>', scope },
      status: 200,
      durationMs: expect.any(Number),
    },
  ])
  expect(answered).toEqual(emulator.requests)
  emulator.clearRequests()
  expect(emulator.requests).toEqual([])
})

test('no secret is kept', async () => {
  const emulator = createEmulator({ signingKey })
  const secret = 'Zm9yYmlkZGVu'
  const names = ['client_secret', 'client_assertion', 'assertion', 'password', 'refresh_token', 'code', 'Client_Secret']
  const fields = Object.fromEntries(names.map((name) => [name, secret]))
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}` }
  await requestToken(emulator, fields, { init: { headers } })
  await emulator.fetch(`https://login.microsoftonline.com/common/x?code=${secret}&id_token_hint=${secret}&state=s`)
  expect(JSON.stringify(emulator.requests)).not.toContain(secret)
  expect(emulator.requests[0]!.headers.authorization).toBe('Bearer <redacted>')
  expect(emulator.requests[0]!.form).toMatchObject(Object.fromEntries(names.map((name) => [name, '<redacted>'])))
  expect(new URL(emulator.requests[1]!.url).searchParams.get('state')).toBe('s')
})

test('no secret of a user is kept', async () => {
  const emulator = createEmulator({ signingKey })
  const browser = createBrowser(emulator)
  const first = await browser.go(authUri(emulator))
  const second = await first.press('Next', { username: 'mia@contoso.com' })
  const third = await second.press('Sign in', { password: 'mia-password' })
  const { response } = await third.press('Verify', { code: '123456' })
  const { body } = await redeem(emulator, response.code)
  await post(emulator, { grant_type: 'refresh_token', refresh_token: body.refresh_token })
  const { body: device } = await post(emulator, { scope: 'openid' }, { endpoint: 'devicecode' })
  await (await browser.go(`${host}/devicelogin`)).press('Next', { user_code: String(device.user_code) })
  await post(emulator, { grant_type: 'device_code', device_code: String(device.device_code) })
  const log = JSON.stringify(emulator.requests)
  const cookie = Array.from(browser.cookies.values())
  for (const secret of ['mia-password', '123456', response.code!, body.refresh_token, verifier, ...cookie])
    expect(log).not.toContain(secret)
  for (const secret of [device.user_code, device.device_code]) expect(log).not.toContain(String(secret))
  expect(log).not.toContain(/name="ctx" value="([^"]+)"/.exec(first.html)![1]!)
})

test('a broken connection has status 0, and one under way none', async () => {
  const emulator = createEmulator({ signingKey })
  emulator.faults.add({ kind: 'reset', times: 1 })
  await expect(requestToken(emulator)).rejects.toThrow()
  expect(emulator.requests[0]).toMatchObject({ status: 0, fault: 'reset' })

  let statusUnderWay: number | undefined = -1
  emulator.faults.add({
    status: 500,
    match: () => {
      statusUnderWay = emulator.requests[1]!.status
      return true
    },
  })
  await requestToken(emulator)
  expect(statusUnderWay).toBeUndefined()
  expect(emulator.requests[1]!.status).toBe(500)
})

test('the log is bounded, and long values are cut', async () => {
  const emulator = createEmulator({ signingKey, maxRequests: 2 })
  for (const path of ['1', '2', '3']) await emulator.fetch(`https://x.example/${path}`)
  expect(emulator.requests.map(({ url }) => url)).toEqual(['https://x.example/2', 'https://x.example/3'])
  await requestToken(emulator, { claims: 'x'.repeat(10_000) })
  expect(emulator.requests.at(-1)!.form!.claims).toHaveLength(4097)
})
