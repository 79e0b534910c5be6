import { expect, test } from 'vitest'
import { createEmulator, generateSigningKey, type Emulator, type FederatedDomain } from '@latchkey/emulator'
import { claimsOf, host, post } from './userFlow.js'

const signingKey = generateSigningKey()
const now = Date.UTC(2030, 0, 1)
const username = 'fay@federated.contoso.com'
const trust13 = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
const trust2005 = 'http://schemas.xmlsoap.org/ws/2005/02/trust'

function create(options = {}, domain: Partial<FederatedDomain> = {}): Emulator {
  const emulator = createEmulator({ signingKey, now: () => now, ...options })
  const tenant = emulator.directory.tenants.get(emulator.defaults.tenantId)!
  emulator.directory.addTenant({ ...tenant, federatedDomains: [{ domain: 'federated.contoso.com', ...domain }] })
  return emulator
}

async function realm(emulator: Emulator, user: string, origin = host) {
  const response = await emulator.fetch(`${origin}/common/userrealm/${encodeURIComponent(user)}?api-version=1.0`)
  return {
    status: response.status,
    body: (await response.text().then((text) => text.startsWith('{') && JSON.parse(text))) as object,
  }
}

test('the realm of a user', async () => {
  const emulator = create()
  const cloud = { cloud_instance_name: 'microsoftonline.com', cloud_audience_urn: 'urn:federation:MicrosoftOnline' }
  expect((await realm(emulator, 'ada@contoso.com')).body).toEqual({
    ...{ ver: '1.0', account_type: 'Managed', domain_name: 'contoso.com' },
    ...cloud,
  })
  const trust = 'https://sts.federated.contoso.com/adfs/services/trust'
  expect((await realm(emulator, username)).body).toEqual({
    ...{ ver: '1.0', account_type: 'Federated', domain_name: 'federated.contoso.com', federation_protocol: 'WSTrust' },
    federation_metadata_url: `${trust}/mex`,
    federation_active_auth_url: `${trust}/2005/usernamemixed`,
    ...cloud,
  })
  for (const unknown of ['x@nowhere.example', 'pat@outlook.com', 'nobody', 'cody@contosociam.onmicrosoft.com'])
    expect((await realm(emulator, unknown)).body).toEqual({ ver: '1.0', account_type: 'Unknown', ...cloud })
  expect((await realm(emulator, username, 'http://localhost:8400')).body).toMatchObject({
    federation_metadata_url: 'http://localhost:8400/adfs/services/trust/mex?domain=federated.contoso.com',
  })
  for (const origin of ['https://contoso.b2clogin.com', 'https://contosociam.ciamlogin.com'])
    expect((await realm(emulator, username, origin)).status).toBe(404)
  expect((await emulator.fetch(`${host}/common/userrealm/x@y`)).status).toBe(400)
})

test('what a domain offers is in its realm and its metadata', async () => {
  const only13 = create({}, { wsTrust: ['1.3'], hasMetadata: false })
  const { body } = await realm(only13, username)
  expect(body).not.toHaveProperty('federation_metadata_url')
  expect(body).toHaveProperty('federation_active_auth_url', expect.stringContaining('/13/usernamemixed'))
  const read = async (emulator: Emulator, origin = 'https://sts.federated.contoso.com') =>
    (await emulator.fetch(`${origin}/adfs/services/trust/mex`)).text()
  expect(await read(only13)).not.toContain('2005/usernamemixed')
  const both = await read(create())
  for (const part of [
    '/13/usernamemixed',
    '/2005/usernamemixed',
    'sp:SignedEncryptedSupportingTokens',
    'sp2005:SignedSupportingTokens',
  ])
    expect(both).toContain(part)
  expect(await read(create(), 'http://127.0.0.1:9')).toContain('<wsa10:Address>https://127.0.0.1:9/adfs')
})

interface Rst {
  readonly version?: '13' | '2005'
  readonly user?: string
  readonly password?: string
  readonly expires?: number
  readonly audience?: string
  readonly action?: string
}

function envelope({ version = '13', user = username, password = 'fay-password', ...more }: Rst = {}): string {
  const trust = version === '13' ? trust13 : trust2005
  const { expires = now + 600_000, audience = 'urn:federation:MicrosoftOnline', action = `${trust}/RST/Issue` } = more
  const wss = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity'
  return `<?xml version='1.0' encoding='utf-8'?>
<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:wsa='http://www.w3.org/2005/08/addressing' xmlns:wsu='${wss}-utility-1.0.xsd'>
  <s:Header>
    <wsa:Action s:mustUnderstand='1'>${action}</wsa:Action>
    <wsa:MessageID>urn:uuid:1</wsa:MessageID>
    <wsse:Security s:mustUnderstand='1' xmlns:wsse='${wss}-secext-1.0.xsd'>
      <wsu:Timestamp wsu:Id='_0'><wsu:Expires>${new Date(expires).toISOString()}</wsu:Expires></wsu:Timestamp>
      <wsse:UsernameToken><wsse:Username>${user}</wsse:Username><wsse:Password>${password}</wsse:Password></wsse:UsernameToken>
    </wsse:Security>
  </s:Header>
  <s:Body>
    <wst:RequestSecurityToken xmlns:wst='${trust}'>
      <wsp:AppliesTo xmlns:wsp='http://schemas.xmlsoap.org/ws/2004/09/policy'>
        <wsa:EndpointReference><wsa:Address>${audience}</wsa:Address></wsa:EndpointReference>
      </wsp:AppliesTo>
      <wst:RequestType>${trust}/Issue</wst:RequestType>
    </wst:RequestSecurityToken>
  </s:Body>
</s:Envelope>`
}

async function ask(
  emulator: Emulator,
  body: string,
  version = '13',
  contentType = 'application/soap+xml; charset=utf-8',
) {
  const url = `https://sts.federated.contoso.com/adfs/services/trust/${version}/usernamemixed`
  const response = await emulator.fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })
  const text = await response.text()
  return {
    status: response.status,
    text,
    assertion: /RequestedSecurityToken>(.*)<\/t:RequestedSecurityToken/s.exec(text)?.[1] ?? '',
  }
}

const redeem = (emulator: Emulator, assertion: string, saml = '1_1', fields = {}) =>
  post(emulator, {
    grant_type: `urn:ietf:params:oauth:grant-type:saml${saml}-bearer`,
    assertion: Buffer.from(assertion).toString('base64url'),
    scope: 'User.Read openid profile offline_access',
    ...fields,
  })

test.each([
  ['13', '1.1', '1_1', 'urn:oasis:names:tc:SAML:1.0:assertion'],
  ['13', '2.0', '2', 'urn:oasis:names:tc:SAML:2.0:assertion'],
  ['2005', '1.1', '1_1', 'urn:oasis:names:tc:SAML:1.0:assertion'],
  ['2005', '2.0', '2', 'urn:oasis:names:tc:SAML:2.0:assertion'],
] as const)('WS-Trust %s gives an assertion of SAML %s, and that a token', async (version, saml, grant, tokenType) => {
  const emulator = create({}, { saml })
  const { status, text, assertion } = await ask(emulator, envelope({ version }), version)
  expect([status, text]).toEqual([200, expect.stringContaining(`<t:TokenType>${tokenType}</t:TokenType>`)])
  expect(text).toContain('<a:RelatesTo>urn:uuid:1</a:RelatesTo>')
  const { status: redeemed, body } = await redeem(emulator, assertion, grant)
  expect(redeemed).toBe(200)
  expect(claimsOf(body.id_token)).toMatchObject({ preferred_username: username })
  expect(body).toHaveProperty('refresh_token')
})

test.each<[string, Rst, string, string]>([
  ['a wrong password', { password: 'wrong' }, '13', 'FailedAuthentication'],
  ['an unknown user', { user: 'no@federated.contoso.com' }, '13', 'FailedAuthentication'],
  ['a user of a managed domain', { user: 'ada@contoso.com', password: 'ada-password' }, '13', 'FailedAuthentication'],
  ['an expired message', { expires: now }, '13', 'MessageExpired'],
  ['another relying party', { audience: 'urn:other' }, '13', 'InvalidScope'],
  ['another action', { action: 'urn:other' }, '13', 'InvalidRequest'],
  ['the other version', { version: '2005' }, '13', 'InvalidSecurity'],
])('%s is a fault', async (_, rst, version, subcode) => {
  const { status, text } = await ask(create(), envelope(rst), version)
  expect(status).toBe(500)
  expect(text).toContain(`o:${subcode}</s:Value>`)
  expect(text).toContain('<s:Reason><s:Text xml:lang="en-US">')
  expect(text).not.toContain('wrong')
})

test('a version that the domain does not offer is a fault', async () => {
  const emulator = create({}, { wsTrust: ['2005'] })
  expect((await ask(emulator, envelope())).status).toBe(500)
  expect((await ask(emulator, envelope({ version: '2005' }), '2005')).status).toBe(200)
})

test('names and passwords are escaped on both ways', async () => {
  const emulator = create()
  const { tenantId } = emulator.defaults
  emulator.directory.addUser({ id: 'odd', tenantId, username: `o<d&d>"'@federated.contoso.com`, password: `<&>"']]>` })
  const body = envelope({ user: `o&lt;d&#38;d&gt;"'@federated.contoso.com`, password: `<![CDATA[<&>"']]>]]&gt;` })
  const { status, assertion } = await ask(emulator, body)
  expect(status).toBe(200)
  const { body: tokens } = await redeem(emulator, assertion)
  expect(claimsOf(tokens.id_token)).toMatchObject({ preferred_username: `o<d&d>"'@federated.contoso.com` })
})

test.each([
  ['an external entity', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${envelope({ password: '&e;' })}`],
  ['a bomb', `<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>`],
  ['an unknown entity', envelope({ password: '&nbsp;' })],
  ['an instruction', envelope().replace('<s:Header>', '<?php echo 1 ?><s:Header>')],
  ['half a message', envelope().slice(0, 900)],
  [
    'elements that cross',
    envelope().replace('</wsse:Password></wsse:UsernameToken>', '</wsse:UsernameToken></wsse:Password>'),
  ],
  ['an undeclared prefix', envelope().replace('<wsse:Username>', '<nope:Username>')],
  ['two roots', `${envelope()}<x/>`],
  ['text after the end', `${envelope()}x`],
  ['a repeated attribute', envelope().replace("wsu:Id='_0'", "wsu:Id='_0' wsu:Id='_1'")],
  ['a character that does not exist', envelope({ password: '&#xFFFFFF;' })],
  ['great depth', '<a>'.repeat(100_000)],
  ['another envelope', '<Envelope/>'],
  ['SOAP without a token', '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>'],
  ['nothing', ''],
])('%s is a fault', async (_, body) => {
  const { status, text } = await ask(create(), body)
  expect([status, text]).toEqual([500, expect.stringContaining('InvalidSecurity')])
  expect(text).not.toContain('root:')
})

test('what is not SOAP is refused', async () => {
  expect((await ask(create(), envelope(), '13', 'text/xml')).status).toBe(415)
  expect((await ask(create(), envelope(), '14')).status).toBe(404)
})

test('an assertion holds as it is, for an hour', async () => {
  let time = now
  const emulator = create({ now: () => time })
  const { assertion } = await ask(emulator, envelope())
  const refused = (number: number) => ({ status: 400, body: expect.objectContaining({ error_codes: [number] }) })
  expect(await redeem(emulator, assertion.replace('fay@', 'ada@'))).toEqual(refused(50013))
  expect(await redeem(emulator, assertion.replace('"><', '" ><'))).toEqual(refused(50013))
  expect(await redeem(emulator, `${assertion} `)).toEqual(refused(50013))
  expect(await redeem(emulator, assertion.replace(/<ds:Signature .*<\/ds:Signature>/, ''))).toEqual(refused(50013))
  expect(await redeem(emulator, assertion, '2')).toEqual(refused(50013))
  expect(await redeem(emulator, '', '1_1', { assertion: '%%%' })).toEqual(refused(50013))
  expect(await redeem(emulator, '', '1_1', { assertion: undefined })).toEqual(refused(900144))
  expect(await redeem(createEmulator({ now: () => now }), assertion)).toEqual(refused(50013))
  expect((await redeem(emulator, assertion)).status).toBe(200)
  time += 3_600_000
  expect(await redeem(emulator, assertion)).toEqual(refused(500133))
})

test('no password of an envelope is kept', async () => {
  const emulator = create()
  const { assertion } = await ask(emulator, envelope())
  await redeem(emulator, assertion)
  const log = JSON.stringify(emulator.requests)
  expect(emulator.requests).toHaveLength(2)
  expect(log).not.toContain('fay-password')
  expect(log).not.toContain(Buffer.from(assertion).toString('base64url').slice(0, 200))
})
