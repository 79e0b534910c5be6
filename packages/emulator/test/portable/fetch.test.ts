import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { createEmulator, type Fault } from '@latchkey/emulator'
import { requestToken } from '../requestToken.js'
import { authUri, claimsOf, post, redeem } from '../userFlow.js'

describe('a token in process', () => {
  it('verifies with the key that discovery leads to', async () => {
    const emulator = createEmulator()
    const { authority, clientId, tenantId } = emulator.defaults
    const read = async <T>(url: string) => (await (await emulator.fetch(url)).json()) as T
    const response = await requestToken(emulator)
    expect(response.status).toBe(200)
    const { access_token } = (await response.json()) as { access_token: string }

    const metadata = `${authority}/v2.0/.well-known/openid-configuration`
    const { issuer, jwks_uri } = await read<{ issuer: string; jwks_uri: string }>(metadata)
    const keys = createLocalJWKSet(await read<JSONWebKeySet>(jwks_uri))
    const { payload } = await jwtVerify(access_token, keys, { issuer })
    expect(payload).toMatchObject({ azp: clientId, tid: tenantId, idtyp: 'app' })
  })

  it('is refused to a wrong secret', async () => {
    const response = await requestToken(createEmulator(), { client_secret: 'wrong' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
  })
})

describe('a user in process', () => {
  it('signs in, is refreshed, and is signed out everywhere', async () => {
    const emulator = createEmulator()
    const { username } = emulator.defaults
    const { response } = await emulator.signIn(authUri(emulator), { username })
    expect(response.state).toBe('the-state')
    const { body } = await redeem(emulator, response.code)
    expect(claimsOf(body.id_token)).toMatchObject({ preferred_username: username, nonce: 'the-nonce' })
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token, scope: 'User.Read' }
    expect((await post(emulator, refresh)).status).toBe(200)
    await emulator.revokeSessions(username)
    expect((await post(emulator, refresh)).body).toMatchObject({ error: 'invalid_grant', error_codes: [50173] })
  })

  it('approves a device', async () => {
    const emulator = createEmulator()
    const { body } = await post(emulator, { scope: 'openid profile' }, { endpoint: 'devicecode' })
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const poll = () => post(emulator, { grant_type, device_code: String(body.device_code) })
    expect((await poll()).body).toMatchObject({ error: 'authorization_pending' })
    await emulator.approveDevice(String(body.user_code), { username: 'bob@contoso.com' })
    expect(claimsOf((await poll()).body.id_token)).toMatchObject({ preferred_username: 'bob@contoso.com' })
  })

  it('of a single-page app signs in where the runtime hides the Origin header, too', async () => {
    const emulator = createEmulator()
    const redirect_uri = 'http://localhost:5173/spa'
    const uri = authUri(emulator, { redirect_uri })
    const { response } = await emulator.signIn(uri, { username: emulator.defaults.username })
    const { status } = await redeem(
      emulator,
      response.code,
      { redirect_uri },
      { headers: { origin: 'http://x.example' } },
    )
    expect(status).toBe(200)
  })

  it('sees a page', async () => {
    const emulator = createEmulator()
    const page = await (await emulator.fetch(authUri(emulator))).text()
    expect(page).toContain('<form method="post" action="/common/login"')
  })
})

const readToEnd = async (reader: ReadableStreamDefaultReader<unknown>): Promise<void> => {
  while (!(await reader.read()).done);
}

describe('a fault in process', () => {
  const withFault = (fault: Fault) => {
    const emulator = createEmulator()
    emulator.faults.add(fault)
    return emulator
  }

  it('hits as often as it says, and then no more', async () => {
    const emulator = withFault({ status: 429, retryAfter: 5, times: 1 })
    const hit = await requestToken(emulator)
    expect([hit.status, hit.headers.get('retry-after')]).toEqual([429, '5'])
    expect(await hit.json()).toMatchObject({ error_codes: [90055] })
    expect((await requestToken(emulator)).status).toBe(200)
    expect(emulator.requests.map(({ fault }) => fault)).toEqual(['status', undefined])
  })

  it('breaks the connection as fetch tells it: before the headers, or in the body', async () => {
    await expect(requestToken(withFault({ kind: 'reset' }))).rejects.toBeInstanceOf(TypeError)
    const truncated = await requestToken(withFault({ kind: 'truncated' }))
    expect(truncated.status).toBe(200)
    // Not text(): of a stream that breaks, Firefox says AbortError there, whatever the error was.
    await expect(readToEnd(truncated.body!.getReader())).rejects.toBeInstanceOf(TypeError)
  })

  it('makes wait until the signal aborts, for the headers or for the rest of the body', async () => {
    const slow = new AbortController()
    const pending = requestToken(withFault({ kind: 'slow', delay: 2 ** 31 - 1 }), {}, { init: { signal: slow.signal } })
    slow.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')

    const stall = new AbortController()
    const { body } = await requestToken(withFault({ kind: 'stall' }), {}, { init: { signal: stall.signal } })
    const reader = body!.getReader()
    expect((await reader.read()).value!.length).toBeGreaterThan(0)
    const rest = reader.read()
    stall.abort(new Error('enough'))
    await expect(rest).rejects.toThrow('enough')
  })
})

describe('the log in process', () => {
  it('keeps what was asked, and no secret of it', async () => {
    const emulator = createEmulator()
    const { authority, clientId, clientSecret, scope } = emulator.defaults
    const response = await requestToken(emulator)
    const { access_token } = (await response.json()) as { access_token: string }
    await emulator.fetch(`${authority}/resource?code=${clientSecret}&state=kept`, {
      headers: { authorization: `Bearer ${access_token}` },
    })

    const [token, resource] = emulator.requests
    expect(token).toMatchObject({
      method: 'POST',
      url: `${authority}/oauth2/v2.0/token`,
      form: { grant_type: 'client_credentials', client_id: clientId, client_secret: '<redacted>', scope },
      status: 200,
    })
    expect(token!.headers['content-type']).toContain('application/x-www-form-urlencoded')
    expect(resource!.headers.authorization).toBe('Bearer <redacted>')
    expect(Object.fromEntries(new URL(resource!.url).searchParams)).toEqual({ code: '<redacted>', state: 'kept' })
    const log = JSON.stringify(emulator.requests)
    expect(log).not.toContain(clientSecret)
    expect(log).not.toContain(access_token)
  })
})
