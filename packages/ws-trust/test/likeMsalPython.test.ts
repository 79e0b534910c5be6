import { describe, expect, test } from 'vitest'
import { answer, assertions, fault, SAML_20, WST_2005 } from './fixtures/answers.js'
import { ACTION_13, ACTION_2005, adfsPorts, metadata } from './fixtures/metadata.js'
import { askMsalPython, msalPython } from './msalPython.js'
import { HOST, request } from './provider.js'

const title = msalPython
  ? `as MSAL Python ${msalPython.version} does`
  : 'as MSAL Python does (skipped: no python3 has msal; apt-get install python3-msal)'

describe.skipIf(!msalPython)(title, () => {
  test('chooses the endpoint', async () => {
    const ports = adfsPorts()
    const sets = [
      ports,
      ports.toReversed(),
      ports.filter(({ action }) => action === ACTION_13),
      ports.filter(({ action }) => action === ACTION_2005),
      ports.filter(({ name }) => !name.startsWith('UserName')),
      ports.map((port) => (port.action === ACTION_13 ? { ...port, address: `http://${HOST}/` } : port)),
      ports.map((port) => ({ ...port, transport: 'urn:other' })),
      [
        ...ports,
        ...ports.map((port) => ({ ...port, name: `${port.name}2`, address: `${port.address}2` })),
      ].toReversed(),
    ]
    const documents = [
      {},
      { wsdl: '' },
      { wsdl: 'w', wsp: '', sp: 'a', sp2005: 'b', wsu: 'c', wsa10: 'd', soap12: 'e' },
    ].flatMap((prefixes) => sets.map((set) => metadata(set, prefixes)))
    const theirs = askMsalPython({ documents }).endpoints
    expect(new Set(theirs.map((endpoint) => endpoint?.action))).toEqual(new Set([ACTION_13, ACTION_2005, undefined]))
    for (const [index, document] of documents.entries()) {
      const { acquire, requests } = request({ metadata: document, token: answer('<A/>') })
      await acquire().catch(() => {})
      const [, sent] = requests
      expect(sent ? { address: sent.url, action: sent.headers['soapaction'] } : null).toEqual(theirs[index])
    }
  })

  test('writes the request', async () => {
    const passwords = ['simple', `&<>"' ]]> &amp;`, 'päss 中文 😀', '']
    const audiences = ['urn:federation:MicrosoftOnline', 'urn:federation:partner.microsoftonline.cn']
    const users = ['2005', '13'].flatMap((version) =>
      passwords.map((password, index): [string, string, string, string, string] => [
        'user@contoso.example',
        password,
        audiences[index % 2]!,
        `https://${HOST}/adfs/services/trust/${version}/usernamemixed`,
        version === '13' ? ACTION_13 : ACTION_2005,
      ]),
    )
    const envelopes = await Promise.all(
      users.map(async ([username, password, audience, activeAuthUrl]) => {
        const { acquire, requests } = request(
          { token: answer('<A/>') },
          { username, password, audience, activeAuthUrl, now: Date.now },
        )
        await acquire()
        return requests[0]!.body!
      }),
    )
    const theirs = askMsalPython({ users, envelopes })
    // What is new in each request: its id and its times.
    const stable = (xml: string): string =>
      xml.replace(/urn:uuid:[0-9a-f-]{36}/, 'urn:uuid:').replaceAll(/>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ</g, '>time<')
    expect(theirs.canonical.map(stable)).toEqual(theirs.envelopes.map(stable))
    expect(stable(theirs.envelopes[0]!)).toMatch(/>urn:uuid:<.*>time<.*>time</s)
  })

  test('takes the assertion out of the answer', async () => {
    // Theirs is a search by text: what only looks like the end of the token ends it.
    const texts = Object.values(assertions)
      .filter((assertion) => !assertion.includes('RequestedSecurityToken>'))
      .flatMap((assertion) => [
        answer(assertion),
        answer(assertion, { wst: WST_2005, tokenType: SAML_20, prefix: 't' }),
      ])
    expect(texts.length).toBeGreaterThan(10)
    const { answers } = askMsalPython({ answers: [...texts, fault()] })
    for (const [index, text] of texts.entries())
      expect(await request({ token: text }).acquire()).toMatchObject({ assertion: answers[index]!.token })
    expect(answers.at(-1)!.error).toContain('FailedAuthentication')
    await expect(request({ token: fault() }).acquire()).rejects.toMatchObject({ error: 'FailedAuthentication' })
  })
})
