import { describe, expect, test } from 'vitest'
import {
  createEmulator,
  generateSigningKey,
  serve,
  type EmulatorOptions,
  type FederatedDomain,
} from '@latchkey/emulator'
import { msalPython, runMsalPython } from './msalPython.js'

const signingKey = generateSigningKey()

async function run(program: string, options: EmulatorOptions = {}, domain: Partial<FederatedDomain> = {}) {
  const emulator = createEmulator({ signingKey, ...options })
  const tenant = emulator.directory.tenants.get(emulator.defaults.tenantId)!
  emulator.directory.addTenant({ ...tenant, federatedDomains: [{ domain: 'federated.contoso.com', ...domain }] })
  const served = await serve(emulator)
  try {
    const result = await runMsalPython(program, [served.url, emulator.defaults])
    expect(emulator.requests.map(({ status }) => status)).not.toContain(0)
    return { result, emulator }
  } finally {
    await served.close()
  }
}

const reason = msalPython
  ? `MSAL Python ${msalPython.version}`
  : 'MSAL Python is not there: install the package python3-msal'

describe.skipIf(!msalPython)(reason, () => {
  test('authorization code, cache, silent refresh, accounts', async () => {
    const { result, emulator } = await run(`
app = public()
first = sign_in(app, login_hint=defaults["username"], max_age=100)
[account] = app.get_accounts()
cached = app.acquire_token_silent(scopes, account=account)
forced = app.acquire_token_silent(scopes, account=account, force_refresh=True)
things = app.acquire_token_silent(["api://things/Things.Read"], account=account)
consent = app.acquire_token_silent_with_error(["Mail.Read"], account=account)
say({"first": first, "account": account, "cached": cached, "forced": forced, "things": things, "consent": consent})`)
    const { username, tenantId } = emulator.defaults
    expect(result).toMatchObject({
      first: { id_token_claims: { preferred_username: username, tid: tenantId, auth_time: expect.any(Number) } },
      account: { username, home_account_id: `${emulator.directory.findUser(username)!.id}.${tenantId}` },
      cached: { access_token: (result.first as { access_token: string }).access_token },
      forced: { access_token: expect.any(String), refresh_token: expect.any(String) },
      things: { access_token: expect.any(String), scope: expect.stringContaining('api://things/Things.Read') },
      consent: { error: 'invalid_grant', suberror: 'consent_required', classification: 'consent_required' },
    })
  })

  test('a claims challenge and client capabilities', async () => {
    const { result } = await run(`
app = public(client_capabilities=["CP1"])
sign_in(app)
[account] = app.get_accounts()
claims = json.dumps({"access_token": {"acrs": {"essential": True, "value": "c1"}}})
refused = app.acquire_token_silent_with_error(scopes, account=account, claims_challenge=claims)
stepped = sign_in(app, claims_challenge=claims)
say({"refused": refused, "stepped": stepped})`)
    expect(result).toMatchObject({
      refused: { error: 'invalid_grant', error_codes: [50076], suberror: 'basic_action', claims: expect.any(String) },
      stepped: { access_token: expect.any(String) },
    })
  })

  test('device code', async () => {
    const { result, emulator } = await run(`
app = public()
flow = app.initiate_device_flow(scopes=scopes)
pending = app.acquire_token_by_device_flow(flow, exit_condition=lambda flow: True)
control("approve-device", userCode=flow["user_code"], username="mia@contoso.com")
done = app.acquire_token_by_device_flow(flow)
declined = app.initiate_device_flow(scopes=scopes)
control("decline-device", userCode=declined["user_code"])
say({"flow": flow, "pending": pending, "done": done, "declined": app.acquire_token_by_device_flow(declined)})`)
    expect(result).toMatchObject({
      flow: { verification_uri: 'https://login.microsoftonline.com/devicelogin' },
      pending: { error: 'authorization_pending' },
      done: { id_token_claims: { preferred_username: 'mia@contoso.com' } },
      declined: { error: 'authorization_declined' },
    })
    expect(JSON.stringify(emulator.requests)).not.toContain((result.flow as { device_code: string }).device_code)
  })

  test('username and password of a managed user', async () => {
    const { result } = await run(`
app = public()
ask = lambda name, password: app.acquire_token_by_username_password(name, password, scopes=scopes)
say({
  "done": ask(defaults["username"], defaults["password"]), "wrong": ask(defaults["username"], "wrong"),
  "mfa": ask("mia@contoso.com", "mia-password"), "confidential": confidential().acquire_token_by_username_password(
    defaults["username"], defaults["password"], scopes=scopes)})`)
    expect(result).toMatchObject({
      done: { id_token_claims: { preferred_username: 'ada@contoso.com' } },
      wrong: { error: 'invalid_grant', error_codes: [50126] },
      mfa: { error_codes: [50076], claims: expect.any(String) },
      confidential: { access_token: expect.any(String) },
    })
  })

  test.each<Partial<FederatedDomain>>([
    {},
    { wsTrust: ['2005'] },
    { saml: '2.0' },
    { wsTrust: ['2005'], saml: '2.0', hasMetadata: false },
    { wsTrust: ['1.3'], hasMetadata: false },
  ])('username and password of a federated user, with %j', async (domain) => {
    const { result, emulator } = await run(
      `
app = public()
done = app.acquire_token_by_username_password("fay@federated.contoso.com", "fay-password", scopes=scopes)
try:
    app.acquire_token_by_username_password("fay@federated.contoso.com", "wr<ng", scopes=scopes)
    wrong = "no exception"
except RuntimeError as error:
    wrong = str(error)
say({"done": done, "wrong": wrong, "account": app.get_accounts()[0]})`,
      {},
      domain,
    )
    expect(result).toMatchObject({
      done: { id_token_claims: { preferred_username: 'fay@federated.contoso.com' } },
      account: { username: 'fay@federated.contoso.com' },
      wrong: expect.stringContaining('FailedAuthentication'),
    })
    const asked = emulator.requests
      .map(({ url }) => new URL(url))
      .find(({ pathname }) => pathname.includes('usernamemixed'))
    expect(asked!.host).toBe('sts.federated.contoso.com')
    expect(asked!.pathname).toContain(domain.wsTrust?.[0] === '2005' ? '/2005/' : '/13/')
  })

  test('on behalf of, client credentials, and a web app with form_post', async () => {
    const { result } = await run(`
incoming = sign_in(public(), scopes=["api://" + defaults["clientId"] + "/access_as_user"])
web = confidential()
say({
  "user": sign_in(web, redirect_uri="http://localhost:5000/getAToken", response_mode="form_post"),
  "behalf": web.acquire_token_on_behalf_of(incoming["access_token"], scopes=scopes),
  "refused": web.acquire_token_on_behalf_of(incoming["access_token"], scopes=["Mail.Read"]),
  "app": web.acquire_token_for_client(scopes=[defaults["scope"]])})`)
    expect(result).toMatchObject({
      user: { id_token_claims: { preferred_username: 'ada@contoso.com' } },
      behalf: { id_token_claims: { preferred_username: 'ada@contoso.com' } },
      refused: { error_codes: [65001] },
      app: { token_type: 'Bearer' },
    })
  })

  test('B2C, External ID and AD FS', async () => {
    const { result } = await run(`
def at(authority, username, wanted, **rest):
    app = msal.PublicClientApplication(defaults["publicClientId"], authority=authority, http_client=http, **rest)
    signed = sign_in(app, scopes=wanted, username=username)
    [account] = app.get_accounts()
    return {"signed": signed, "account": account, "again": app.acquire_token_silent(wanted, account=account, force_refresh=True)}
own = [defaults["publicClientId"]]
b2c = at("https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signin", "cleo@example.com", own)
ciam = at("https://contosociam.ciamlogin.com/contosociam.onmicrosoft.com", "cody@example.com", scopes, instance_discovery=False)
adfs = at("https://adfs.contoso.com/adfs", "fay@federated.contoso.com", ["api://things/openid"])
app = msal.PublicClientApplication(defaults["publicClientId"], authority="https://adfs.contoso.com/adfs", http_client=http)
say({"b2c": b2c, "ciam": ciam, "adfs": adfs, "password": app.acquire_token_by_username_password(
    "fay@federated.contoso.com", "fay-password", scopes=["api://things/openid"])})`)
    const token = { access_token: expect.any(String) }
    expect(result).toMatchObject({
      b2c: { signed: token, again: token, account: { environment: 'contosob2c.b2clogin.com' } },
      ciam: { signed: token, again: token, account: { username: 'cody@example.com' } },
      adfs: { signed: token, again: token, account: { authority_type: 'ADFS', username: 'fay@federated.contoso.com' } },
      password: token,
    })
  })

  test('a family of apps, one refresh token, and its end', async () => {
    const { result } = await run(`
cache = msal.TokenCache()
first = public("04b07795-8ddb-461a-bbee-02f9e1bf7b46", token_cache=cache)
signed = sign_in(first)
second = public("aebc6443-996d-45c2-90f0-388ff96faa56", token_cache=cache)
[account] = second.get_accounts()
shared = second.acquire_token_silent(scopes, account=account)
stranger = public(token_cache=cache)
orphan = stranger.acquire_token_silent_with_error(scopes, account=account)
migrated = public().acquire_token_by_refresh_token(control(
    "refresh-token", username=defaults["username"], clientId=defaults["publicClientId"], scope="User.Read")["refreshToken"], scopes)
control("revoke-sessions", username=defaults["username"])
revoked = second.acquire_token_silent_with_error(scopes, account=account, force_refresh=True)
say({"signed": signed, "shared": shared, "orphan": orphan, "migrated": migrated, "revoked": revoked})`)
    expect(result).toMatchObject({
      signed: { foci: '1' },
      shared: { access_token: expect.any(String), foci: '1' },
      orphan: null,
      migrated: { access_token: expect.any(String) },
      revoked: { error: 'invalid_grant', error_codes: [50173] },
    })
  })
})
