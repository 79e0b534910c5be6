import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey } from '@latchkey/emulator'
import { createBrowser } from './browser.js'
import { authUri, host, redeem, redirectUri } from './userFlow.js'

const signingKey = generateSigningKey()
const create = (options = {}) => createEmulator({ signingKey, ...options })

async function signIn(browser: ReturnType<typeof createBrowser>, uri: string, username = 'ada@contoso.com') {
  const first = await browser.go(uri)
  const password = await first.press('Next', { username })
  return password.press('Sign in', { password: `${username.split('@')[0]}-password` })
}

test('username, password, code: the forms work without scripts', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  const username = await browser.go(authUri(emulator))
  expect([username.status, username.title, username.buttons]).toEqual([200, 'Sign in', ['Next', 'Cancel']])
  expect(username.html).toContain('Contoso')
  const password = await username.press('Next', { username: 'Ada@Contoso.com' })
  expect(password.title).toBe('Enter password')
  const done = await password.press('Sign in', { password: 'ada-password' })
  expect(done.status).toBe(302)
  expect(done.location).toMatch(`${redirectUri}?`)
  expect(Object.keys(done.response)).toEqual(['code', 'client_info', 'state', 'session_state'])
  expect(done.response.state).toBe('the-state')
  expect((await redeem(emulator, done.response.code)).body).toHaveProperty('access_token')
})

test('the Enter key presses the button that goes on', async () => {
  const emulator = create()
  const mfa = await signIn(createBrowser(emulator), authUri(emulator), 'mia@contoso.com')
  const consent = await signIn(createBrowser(emulator), authUri(emulator, { scope: 'Mail.Read' }))
  const username = await createBrowser(emulator).go(authUri(emulator, {}, { path: 'common' }))
  const password = await username.press('Next', { username: 'ada@contoso.com' })
  const first = [username, password, mfa, consent].map(({ buttons }) => buttons[0])
  expect(first).toEqual(['Next', 'Sign in', 'Verify', 'Accept'])
})

test('pages cannot be framed, run no foreign script, and keep nothing', async () => {
  const { headers } = await createBrowser(create()).go(authUri(create()))
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  expect(headers.get('content-security-policy')).not.toContain('script-src')
  expect(headers.get('cache-control')).toContain('no-store')
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(headers.get('cross-origin-opener-policy')).toBeNull()
  expect(headers.getSetCookie()[0]).toMatch(/HttpOnly; Secure; SameSite=None/)
})

test('the option coop cuts pages and responses off from their opener', async () => {
  const emulator = create({ coop: true })
  const browser = createBrowser(emulator)
  expect((await browser.go(authUri(emulator))).headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect((await signIn(browser, authUri(emulator))).headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('a wrong username or password is said on the page, and another try is possible', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  const username = await browser.go(authUri(emulator))
  const unknown = await username.press('Next', { username: 'nobody@contoso.com' })
  expect([unknown.title, unknown.html]).toEqual(['Sign in', expect.stringContaining('AADSTS50034')])
  expect((await username.press('Next', { username: '' })).html).toContain('AADSTS900144')
  const password = await unknown.press('Next', { username: 'ada@contoso.com' })
  const wrong = await password.press('Sign in', { password: 'wrong' })
  expect([wrong.title, wrong.html]).toEqual(['Enter password', expect.stringContaining('AADSTS50126')])
  expect((await password.press('Use another account')).title).toBe('Sign in')
  const again = await username.press('Next', { username: 'ada@contoso.com' })
  expect((await again.press('Sign in', { password: 'ada-password' })).response).toHaveProperty('code')
})

test('users of other tenants, and disabled ones, get no code', async () => {
  const emulator = create()
  const username = await createBrowser(emulator).go(authUri(emulator, {}, { path: 'fabrikam.com' }))
  expect((await username.press('Next', { username: 'bob@contoso.com' })).html).toContain('AADSTS50020')
  const disabled = await signIn(createBrowser(emulator), authUri(emulator), 'disabled@contoso.com')
  expect(disabled.html).toContain('AADSTS50057')
})

test('the second factor is asked for, checked, and can be cancelled', async () => {
  const emulator = create()
  const mfa = await signIn(createBrowser(emulator), authUri(emulator), 'mia@contoso.com')
  expect([mfa.title, mfa.html]).toEqual(['Enter code', expect.stringContaining('123456')])
  const wrong = await mfa.press('Verify', { code: '000000' })
  expect(wrong.html).toContain('AADSTS500121')
  expect((await wrong.press('Verify', { code: ' 123456 ' })).response).toHaveProperty('code')
  expect((await mfa.press('Cancel')).status).toBe(400) // the interaction is over
})

test('cancel goes back to the app', async () => {
  const emulator = create()
  const { response } = await (await createBrowser(emulator).go(authUri(emulator))).press('Cancel')
  expect(response).toEqual({
    error: 'access_denied',
    error_subcode: 'cancel',
    error_description: expect.stringContaining('AADSTS65004'),
    error_uri: expect.any(String),
    state: 'the-state',
  })
})

test('consent is asked for once, and only for what is missing', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  const uri = authUri(emulator, { scope: 'Mail.Read User.Read openid offline_access' })
  const consent = await signIn(browser, uri)
  expect([consent.title, consent.buttons]).toEqual(['Permissions requested', ['Accept', 'Cancel']])
  expect(consent.html).toContain('Read your mail')
  expect(consent.html).not.toContain('read your profile')
  expect(consent.html).not.toContain('Accept for everybody')
  const { response } = await consent.press('Accept')
  expect((await redeem(emulator, response.code)).body.scope).toBe('User.Read Mail.Read openid')
  expect((await browser.go(uri)).response).toHaveProperty('code')
  expect((await browser.go(authUri(emulator, { prompt: 'consent' }))).title).toBe('Permissions requested')
  expect((await signIn(createBrowser(emulator), uri, 'bob@contoso.com')).title).toBe('Permissions requested')
})

test('declined consent is access_denied', async () => {
  const emulator = create()
  const consent = await signIn(createBrowser(emulator), authUri(emulator, { scope: 'Mail.Read' }))
  expect((await consent.press('Cancel')).response).toMatchObject({ error: 'access_denied', error_subcode: 'cancel' })
})

test('an administrator consents for everybody; others need one', async () => {
  const emulator = create()
  const uri = authUri(emulator, { scope: 'Directory.Read.All' })
  const approval = await signIn(createBrowser(emulator), uri)
  expect(approval.title).toBe('An administrator must approve')
  expect((await approval.press('Return')).response.error_description).toContain('AADSTS90094')
  const consent = await signIn(createBrowser(emulator), uri, 'admin@contoso.com')
  await consent.press('Accept', { everybody: '1' })
  expect((await signIn(createBrowser(emulator), uri)).response).toHaveProperty('code')
  // a form that a person without the right has changed
  const mail = await signIn(createBrowser(emulator), authUri(emulator, { scope: 'Mail.Read' }))
  await mail.press('Accept', { everybody: '1' })
  expect(
    (await signIn(createBrowser(emulator), authUri(emulator, { scope: 'Mail.Read' }), 'bob@contoso.com')).title,
  ).toBe('Permissions requested')
})

test('one signed-in account goes straight on, of two one is picked', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  await signIn(browser, authUri(emulator))
  expect((await browser.go(authUri(emulator))).response).toHaveProperty('code')
  const second = await browser.go(authUri(emulator, { prompt: 'select_account' }))
  expect([second.title, second.buttons]).toEqual([
    'Pick an account',
    [expect.stringContaining('ada@contoso.com'), 'Use another account', 'Cancel'],
  ])
  const username = await second.press('Use another account')
  const password = await username.press('Next', { username: 'bob@contoso.com' })
  expect((await password.press('Sign in', { password: 'bob-password' })).response).toHaveProperty('code')

  const pick = await browser.go(authUri(emulator))
  expect(pick.title).toBe('Pick an account')
  const { response } = await pick.press('bob@contoso.com')
  const { body } = await redeem(emulator, response.code)
  expect(JSON.parse(atob(body.id_token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')))).toMatchObject({
    preferred_username: 'bob@contoso.com',
  })
  expect((await browser.go(authUri(emulator, { login_hint: 'ada@contoso.com' }))).response).toHaveProperty('code')
  expect((await browser.go(authUri(emulator, { domain_hint: 'consumers' }, { path: 'common' }))).title).toBe('Sign in')
})

test('a login hint goes to the password, and fills in the username where it is unknown', async () => {
  const emulator = create()
  const known = await createBrowser(emulator).go(authUri(emulator, { login_hint: 'bob@contoso.com' }))
  expect([known.title, known.html]).toEqual(['Enter password', expect.stringContaining('bob@contoso.com')])
  const unknown = await createBrowser(emulator).go(authUri(emulator, { login_hint: 'x@y.example' }))
  expect([unknown.title, unknown.html]).toEqual(['Sign in', expect.stringContaining('value="x@y.example"')])
})

test('prompt=login and max_age ask for the password again', async () => {
  let now = Date.UTC(2030, 0, 1)
  const emulator = create({ now: () => now })
  const browser = createBrowser(emulator)
  await signIn(browser, authUri(emulator))
  const again = await browser.go(authUri(emulator, { prompt: 'login' }))
  expect(again.title).toBe('Enter password')
  expect((await again.press('Sign in', { password: 'ada-password' })).response).toHaveProperty('code')
  now += 61_000
  expect((await browser.go(authUri(emulator, { max_age: '60' }))).title).toBe('Enter password')
  expect((await browser.go(authUri(emulator, { max_age: '62' }))).response).toHaveProperty('code')
})

test('ended sessions are asked for the password, with and without a hint', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  await signIn(browser, authUri(emulator))
  const picked = await browser.go(authUri(emulator, { prompt: 'select_account' }))
  await emulator.revokeSessions('ada@contoso.com')
  expect((await picked.press('ada@contoso.com')).title).toBe('Sign in')
  expect((await browser.go(authUri(emulator))).title).toBe('Sign in')
  const hinted = await browser.go(authUri(emulator, { login_hint: 'ada@contoso.com' }))
  expect(hinted.title).toBe('Enter password')
  const { response } = await hinted.press('Sign in', { password: 'ada-password' })
  expect((await redeem(emulator, response.code)).status).toBe(200)
  expect((await browser.go(authUri(emulator, { max_age: '0' }))).title).toBe('Enter password')
})

test('a sign-in that is over cannot be gone on with', async () => {
  const emulator = create()
  const page = await createBrowser(emulator).go(authUri(emulator))
  expect((await page.press('Cancel')).response.error).toBe('access_denied')
  expect((await page.press('Next', { username: 'ada@contoso.com' })).html).toContain('AADSTS165000')
})

test('prompt=none never shows a page', async () => {
  const emulator = create()
  const silent = (fields = {}) => authUri(emulator, { prompt: 'none', ...fields })
  const browser = createBrowser(emulator)
  expect((await browser.go(silent())).response).toMatchObject({ error: 'login_required', state: 'the-state' })
  await signIn(browser, authUri(emulator))
  expect((await browser.go(silent())).response).toHaveProperty('code')
  expect((await browser.go(silent({ scope: 'Mail.Read' }))).response).toMatchObject({
    error: 'consent_required',
    error_description: expect.stringContaining('AADSTS65001'),
  })
  expect((await browser.go(silent({ login_hint: 'bob@contoso.com' }))).response.error).toBe('login_required')
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  expect((await browser.go(silent({ claims }))).response).toMatchObject({
    error: 'interaction_required',
    error_description: expect.stringContaining('AADSTS50076'),
  })
  await signIn(browser, authUri(emulator, { prompt: 'select_account' })).catch(() => undefined)
  const other = await (await browser.go(authUri(emulator, { prompt: 'select_account' }))).press('Use another account')
  await (await other.press('Next', { username: 'bob@contoso.com' })).press('Sign in', { password: 'bob-password' })
  expect((await browser.go(silent())).response).toMatchObject({ error: 'interaction_required' })
})

test('an account can be created where people may have their own', async () => {
  const emulator = create()
  const uri = authUri(emulator, { prompt: 'create' }, { path: 'consumers' })
  const page = await createBrowser(emulator).go(uri)
  expect(page.title).toBe('Create an account')
  expect((await page.press('Create', { username: 'no address', password: 'x' })).html).toContain('e-mail address')
  const taken = await page.press('Create', { username: 'pat@outlook.com', password: 'x' })
  expect(taken.html).toContain('there is an account of that name')
  const done = await page.press('Create', { username: 'new@example.com', name: 'Newt', password: 'secret' })
  expect(done.response).toHaveProperty('code')
  expect(emulator.directory.findUser('new@example.com')).toMatchObject({ name: 'Newt' })
  const refused = await createBrowser(emulator).go(authUri(emulator, { prompt: 'create' }))
  expect(refused.response.error_description).toContain('AADSTS90023')
})

test('an expired password is changed', async () => {
  const emulator = create()
  const page = await signIn(createBrowser(emulator), authUri(emulator), 'expired@contoso.com')
  expect(page.title).toBe('Update your password')
  expect((await page.press('Sign in', { newPassword: 'expired-password' })).html).toContain('role="alert"')
  expect((await page.press('Sign in', { newPassword: 'fresh' })).response).toHaveProperty('code')
  expect(emulator.directory.findUser('expired@contoso.com')).toMatchObject({ password: 'fresh' })
})

test('a form belongs to one browser and one sign-in', async () => {
  const emulator = create()
  const page = await createBrowser(emulator).go(authUri(emulator))
  const stolen = await createBrowser({
    fetch: (input, init) => emulator.fetch(input, { ...init, headers: { cookie: 'latchkey_emulator=x' } }),
  }).go(`${host}/common/login`, { method: 'POST', body: new URLSearchParams({ ctx: 'made-up' }) })
  expect([stolen.status, stolen.html]).toEqual([400, expect.stringContaining('AADSTS165000')])
  const ctx = /name="ctx" value="([^"]+)"/.exec(page.html)![1]!
  const victim = createBrowser(emulator)
  await victim.go(authUri(emulator))
  const forged = await victim.go(`${host}/common/login`, {
    method: 'POST',
    body: new URLSearchParams({ ctx, username: 'ada@contoso.com' }),
  })
  expect(forged.html).toContain('AADSTS165000')
})

test('the response comes as query, fragment or form', async () => {
  const emulator = create()
  const fragment = await signIn(createBrowser(emulator), authUri(emulator, { response_mode: 'fragment' }))
  expect(fragment.location).toMatch(`${redirectUri}#code=`)
  const form = await signIn(createBrowser(emulator), authUri(emulator, { response_mode: 'form_post', state: '"><b>' }))
  expect([form.status, form.location]).toEqual([200, redirectUri])
  expect(form.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[\w-]+'/)
  expect(form.response).toMatchObject({ code: expect.any(String), state: '"><b>' })
  expect(form.html).not.toContain('"><b>')
  expect(form.html).toContain('<noscript>')
})

test('what a request or the directory says is text on every page', async () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
  const { tenantId } = create().defaults
  const emulator = create({
    apps: [
      {
        clientId: 'evil',
        tenantId,
        name: evil,
        isPublic: true,
        redirectUris: { publicClient: ['http://localhost'] },
        identifierUris: ['api://evil'],
        scopes: [{ value: 'Do', description: evil }],
      },
      { clientId: 'other', tenantId, name: evil, isPublic: true, redirectUris: { publicClient: ['http://localhost'] } },
    ],
    users: [{ id: 'evil-user', tenantId, username: `${evil}@x`, name: evil, password: 'p', mfa: true }],
  })
  const browser = createBrowser(emulator)
  const seen: string[] = []
  const look = <T extends { html: string }>(page: T): T => {
    seen.push(page.html)
    return page
  }
  const fields = { client_id: 'other', scope: 'api://evil/Do', login_hint: 'none', state: evil }
  const username = look(await browser.go(authUri(emulator, fields)))
  look(await username.press('Next', { username: evil }))
  const password = look(await username.press('Next', { username: `${evil}@x` }))
  look(await password.press('Sign in', { password: evil }))
  const mfa = look(await password.press('Sign in', { password: 'p' }))
  const consent = look(await mfa.press('Verify', { code: '123456' }))
  expect(consent.title).toBe('Permissions requested')
  look(await browser.go(authUri(emulator, { ...fields, prompt: 'select_account' })))
  look(await browser.go(authUri(emulator, { redirect_uri: `https://evil.example/${evil}` })))
  look(await browser.go(authUri(emulator, { client_id: evil })))
  look(await browser.go(`${host}/devicelogin?user_code=${encodeURIComponent(evil)}`))
  look(await browser.go(`${host}/devicelogin`, { method: 'POST', body: new URLSearchParams({ user_code: evil }) }))
  for (const html of seen) {
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img')
  }
})

test('sign-out ends the session and goes to registered addresses only', async () => {
  const emulator = create()
  const browser = createBrowser(emulator)
  const { publicClientId, tenantId } = emulator.defaults
  const logout = (query: Record<string, string>) =>
    browser.go(`${host}/${tenantId}/oauth2/v2.0/logout?${new URLSearchParams(query)}`)
  await signIn(browser, authUri(emulator))
  expect((await logout({ post_logout_redirect_uri: 'https://evil.example' })).title).toBe('You signed out')
  expect((await browser.go(authUri(emulator))).title).toBe('Sign in')
  const back = await logout({ post_logout_redirect_uri: redirectUri, client_id: publicClientId, state: 's' })
  expect(back.location).toBe(`${redirectUri}/?state=s`)
  expect((await logout({ post_logout_redirect_uri: redirectUri, id_token_hint: 'x' })).status).toBe(200)
})
