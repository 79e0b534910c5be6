import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  answer,
  fault,
  SAML_11,
  SAML_11_PROFILE,
  SAML_20,
  SAML_20_PROFILE,
  WST_13,
  WST_2005,
} from './fixtures/answers.js'
import { HOST, PASSWORD, request } from './provider.js'

const refusal = (
  token: Parameters<typeof request>[0]['token'],
  more?: Parameters<typeof request>[1],
): Promise<unknown> =>
  request({ token: token! }, more)
    .acquire()
    .catch((error: unknown) => error)

describe('a token', () => {
  it.each([
    [SAML_11, 'saml1_1-bearer'],
    [SAML_11_PROFILE, 'saml1_1-bearer'],
    [SAML_20, 'saml2-bearer'],
    [`\n  ${SAML_20_PROFILE}\r\n`, 'saml2-bearer'],
  ])('of type %s', async (tokenType, grant) => {
    for (const wst of [WST_13, WST_2005]) {
      const result = await request({ token: answer('<A/>', { wst, tokenType }) }).acquire()
      expect(result).toMatchObject({ grantType: `urn:ietf:params:oauth:grant-type:${grant}`, encoded: 'PEEvPg' })
    }
  })

  it('counts whatever the status is', async () => {
    for (const status of [200, 202, 400, 500, 503])
      expect(await request({ token: { text: answer('<A/>'), status } }).acquire()).toMatchObject({ assertion: '<A/>' })
  })

  it.each([301, 302, 307, 308, 0])('does not count with a redirect: %i', async (status) => {
    expect(await refusal({ text: answer('<A/>'), status })).toMatchObject({
      code: 'invalid_response',
      message: `Cannot sign in at ${HOST}: it answers with a redirect (status ${status})`,
    })
  })

  it.each(['urn:oasis:names:tc:SAML:2.0:assertion/', '', 'toString', '__proto__'])(
    'is refused where its type is %j',
    async (tokenType) => {
      expect(await refusal(answer('<A/>', { tokenType }))).toMatchObject({
        code: 'invalid_response',
        message: `Cannot sign in at ${HOST}: its token is of a kind that Entra does not take (status 200)`,
      })
    },
  )

  it.each([
    ['nothing in it', answer('')],
    ['text only', answer(' text <!-- <A/> --> <![CDATA[<A/>]]>')],
    ['its tags closed in one', answer('<A/>').replace(/<(\w+:RequestedSecurityToken)>.*<\/\1>/, '<$1/>')],
    ['another name', answer('<A/>').replaceAll('RequestedSecurityToken', 'RequestedProofToken')],
    ['another namespace', answer('<A/>').replaceAll(WST_13, `${WST_13}/`)],
    ['no type', answer('<A/>').replaceAll('TokenType', 'Type')],
    ['another place', answer('<A/>').replaceAll('s:Body', 's:Other')],
    ['a place in the header', answer('<A/>').replace(/<s:Body>(.*)<\/s:Body>/s, '<s:Header>$1</s:Header><s:Body/>')],
    [
      'only a comment around it',
      `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><!--${answer('<A/>')}--></s:Envelope>`,
    ],
  ])('is not there with %s', async (_, text) => {
    expect(await refusal(text)).toMatchObject({
      code: 'invalid_response',
      message: `Cannot sign in at ${HOST}: its answer has no token (status 200)`,
    })
  })

  it('is the first complete one', async () => {
    const first = answer('<A/>').replace('TokenType>urn', 'Type>urn').replace('</trust:TokenType', '</trust:Type')
    const second = answer('<B/>').replace(/^.*?<s:Body>|<\/s:Body>.*$/gs, '')
    const text = first.replace('</s:Body>', `${second}</s:Body>`)
    expect(await request({ token: text }).acquire()).toMatchObject({ assertion: '<B/>' })
  })

  it('is taken by structure, whatever looks like it before', async () => {
    const decoy = '<trust:RequestedSecurityToken><Decoy/></trust:RequestedSecurityToken>'
    const lifetime = `<!--${decoy}--><![CDATA[${decoy}]]><trust:Lifetime a="${decoy.replaceAll('<', '&lt;')}">${decoy}</trust:Lifetime>
      <?t ${decoy}?><other:RequestedSecurityToken xmlns:other="urn:other"><Decoy/></other:RequestedSecurityToken>`
    const text = `<?xml version="1.0"?><!--${decoy}-->${answer('<A/>', { lifetime })}`
    expect(await request({ token: text }).acquire()).toMatchObject({ assertion: '<A/>' })
  })
})

describe('any assertion', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('ab \t\r\n>"\'é€😀'), '&amp;', '&#x1F600;', '&#13;') })
  const name = fc.constantFrom('A', 'x:B', 'ünï', 'trust:RequestedSecurityToken', 'a.b-c')
  const aside = fc.constantFrom(
    ...[
      '<!---->',
      '<!-- </trust:RequestedSecurityToken> -->',
      '<![CDATA[</a>\r\n]]>',
      '<![CDATA[]]]]>',
      '<?pi ?>',
      '<?pi <a> ?>',
    ],
  )
  const { element } = fc.letrec<{ element: string; node: string }>((tie) => ({
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, text, aside, tie('element')),
    element: fc
      .tuple(
        name,
        fc.array(text, { maxLength: 2 }),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.constantFrom('', ' ', '\r\n'),
      )
      .map(([name, values, nodes, space]) => {
        const attributes = values.map(
          (value, index) => `${space || ' '}a${index}${space}=${space}"${value.replaceAll('"', "'")}"`,
        )
        const start = `<${name}${attributes.join('')}${space}`
        return nodes.length === 0 && space ? `${start}/>` : `${start}>${nodes.join('')}</${name}${space}>`
      }),
  }))

  test('comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(text, element, text, async (before, element, after) => {
        const assertion = before + element + after
        const result = await request({ token: answer(assertion) }).acquire()
        expect(result.assertion).toBe(assertion)
      }),
    )
  })
})

describe('a fault', () => {
  it.each([
    [{}, 'FailedAuthentication', 'invalid_grant'],
    [{ subcode: 'wsse:FailedAuthentication' }, 'FailedAuthentication', 'invalid_grant'],
    [{ subcode: '' }, 'Sender', 'invalid_grant'],
    [{ code: 's:Receiver' }, 'FailedAuthentication', 'invalid_grant'],
    [{ code: 's:Receiver', subcode: 'a:InternalServiceFault' }, 'InternalServiceFault', 'server_error'],
  ])('with %o', async (parts, error, code) => {
    for (const status of [200, 400, 500])
      expect(await refusal({ text: fault({ ...parts, reason: ' Not\n this  time. ' }), status })).toMatchObject({
        message: `Cannot sign in at ${HOST}: ${error}: Not this time.`,
        errorDescription: 'Not this time.',
        ...{ code, error, status },
      })
  })

  it('may give no reason', async () => {
    expect(await refusal(fault({ code: '', subcode: '', reason: '' }))).toMatchObject({
      code: 'invalid_grant',
      message: `Cannot sign in at ${HOST}: it gives no reason`,
    })
  })

  it('is cut where it is long', async () => {
    const error = (await refusal(fault({ subcode: 'x'.repeat(9999), reason: 'y'.repeat(9999) }))) as Error
    expect(error.message.length).toBeLessThan(2200)
  })

  const password = 'Pa55 w&rd+/="é'
  it.each([
    ['as it is', password],
    ['escaped for XML', 'Pa55 w&amp;rd+/=&quot;é'],
    ['escaped for a URL', encodeURIComponent(password)],
    ['escaped for JSON', JSON.stringify(password)],
    ['in base64', btoa(String.fromCharCode(...new TextEncoder().encode(password)))],
    ['in capitals', password.toUpperCase()],
    ['with other white space', password.replace(' ', ' \n ')],
  ])('does not repeat the password %s', async (_, echo) => {
    const reason = `<![CDATA[The password ${echo} is wrong]]>`
    expect(await refusal(fault({ reason, subcode: `<![CDATA[${echo}]]>` }), { password })).toMatchObject({
      message: `Cannot sign in at ${HOST}: ***: ***`,
      ...{ error: '***', errorDescription: '***' },
    })
  })

  it('is the server’s even where the password is a part of its code', async () => {
    const text = fault({ code: 's:Receiver', subcode: '' })
    expect(await refusal(text, { password: 'receiver' })).toMatchObject({ code: 'server_error', error: '***' })
  })
})

test.each([
  ['is no well-formed XML', 503, 'server_error'],
  ['is no well-formed XML', 429, 'server_error'],
  ['is no well-formed XML', 403, 'invalid_response'],
])('what %s, with status %i, is told as %s', async (reason, status, code) => {
  const error = await refusal({ text: `<p>${PASSWORD}`, status })
  const message = `Cannot sign in at ${HOST}: its answer ${reason} (status ${status})`
  expect(error).toMatchObject({ code, message, status })
  expect((error as Error).cause).toBeUndefined()
})

test('another document is no answer', async () => {
  expect(await refusal('<Envelope/>')).toMatchObject({
    message: `Cannot sign in at ${HOST}: its answer is no SOAP message (status 200)`,
  })
})
