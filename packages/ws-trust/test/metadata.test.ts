import { describe, expect, it, test } from 'vitest'
import { answer } from './fixtures/answers.js'
import { ACTION_13, ACTION_2005, adfsPorts, type DescribedPort, metadata } from './fixtures/metadata.js'
import { HOST, METADATA_URL, request } from './provider.js'

const trust = `https://${HOST}/adfs/services/trust`

/** Where the password goes, and with which action; or the error. */
async function endpointOf(document: string, metadataUrl = METADATA_URL): Promise<unknown> {
  const { acquire, requests } = request({ metadata: document, token: answer('<A/>') }, { metadataUrl })
  try {
    await acquire()
    return { url: requests[1]!.url, action: requests[1]!.headers['soapaction'] }
  } catch (error) {
    expect(requests.length).toBeLessThan(2)
    return error
  }
}
const port = (more: Partial<DescribedPort> = {}): DescribedPort => ({ name: 'one', address: `${trust}/one`, ...more })
const none = {
  code: 'invalid_response',
  message: `Cannot sign in at ${HOST}: its metadata has no endpoint that takes a user name and password over HTTPS`,
}

describe('of several endpoints', () => {
  it('takes the one for passwords that speaks WS-Trust 1.3', async () => {
    const document = metadata(adfsPorts())
    expect(await endpointOf(document)).toEqual({ url: `${trust}/13/usernamemixed`, action: ACTION_13 })
  })

  it('takes 2005 where there is no 1.3', async () => {
    const document = metadata(adfsPorts().filter(({ name }) => !/UserName.*13/.test(name)))
    expect(await endpointOf(document)).toEqual({ url: `${trust}/2005/usernamemixed`, action: ACTION_2005 })
  })

  it('takes the first of those that speak the same', async () => {
    const ports = [port({ name: 'a', address: `${trust}/a` }), port({ name: 'b', address: `${trust}/b` })]
    expect(await endpointOf(metadata(ports))).toMatchObject({ url: `${trust}/a` })
  })

  it('passes over those that cannot be used', async () => {
    const unusable: DescribedPort[] = [
      port({ name: 'http', address: `http://${HOST}/http` }),
      port({ name: 'loopback', address: 'http://127.0.0.1/loopback' }),
      port({ name: 'user', address: `https://user:secret@${HOST}/user` }),
      port({ name: 'nothing', address: '' }),
      port({ name: 'relative', address: '/relative' }),
      port({ name: 'script', address: 'javascript:alert(1)' }),
      port({ name: 'renewal', action: ACTION_13.replace('Issue', 'Renew') }),
      port({ name: 'queue', transport: 'http://schemas.microsoft.com/soap/msmq' }),
      ...(['kerberos', 'certificate', 'message security', 'no policy'] as const).map((policy) =>
        port({ name: policy.replace(' ', '_'), policy }),
      ),
    ]
    const last = port({ name: 'last', address: 'HTTPS://sts.contoso.example/last', action: ACTION_2005 })
    expect(await endpointOf(metadata(unusable))).toMatchObject(none)
    expect(await endpointOf(metadata([...unusable, last]))).toEqual({ url: last.address, action: ACTION_2005 })
  })
})

describe('the shape of the document', () => {
  it.each([
    ['other prefixes', { wsdl: 'w', wsp: 'p', sp: 'x', sp2005: 'sp', wsu: 'u', wsa10: 'a', soap12: 's' }],
    ['WSDL as the default namespace', { wsdl: '' }],
    ['policies as the default namespace', { wsp: '' }],
    ['addresses as the default namespace', { wsa10: '' }],
  ])('may have %s', async (_, prefixes) => {
    const document = metadata(adfsPorts(), prefixes)
    expect(document).not.toBe(metadata(adfsPorts()))
    expect(await endpointOf(document)).toEqual({ url: `${trust}/13/usernamemixed`, action: ACTION_13 })
  })

  it('may declare a prefix anew further in', async () => {
    const document = metadata([port()]).replaceAll(
      '<wsp:ExactlyOne>',
      '<wsp:ExactlyOne xmlns:other="urn:other" xmlns:sp="urn:other">',
    )
    expect(await endpointOf(document)).toMatchObject(none)
  })

  it.each([
    ['WSDL', 'http://schemas.xmlsoap.org/wsdl/"'],
    ['SOAP 1.2', 'http://schemas.xmlsoap.org/wsdl/soap12/"'],
    ['policies', 'http://schemas.xmlsoap.org/ws/2004/09/policy"'],
    ['addresses', 'http://www.w3.org/2005/08/addressing"'],
    ['ids', 'wssecurity-utility-1.0.xsd"'],
  ])('names in another namespace are not those of %s', async (_, end) => {
    const document = metadata([port()])
    expect(document).toContain(end)
    expect(await endpointOf(document.replace(end, `${end.slice(0, -1)}/other"`))).toMatchObject(none)
  })

  it('may have white space, comments and CDATA in an address', async () => {
    const address = `\r\n <!-- here --> <![CDATA[${trust}/one?a=1&b=2]]>\t`
    expect(await endpointOf(metadata([port({ address })]).replace(/<soap12:address .*/, ''))).toMatchObject({
      url: `${trust}/one?a=1&b=2`,
    })
  })

  it('may be large', async () => {
    const ports = Array.from({ length: 400 }, (_, index) => port({ name: `n${index}`, action: ACTION_2005 }))
    const last = port({ name: 'last', address: `${trust}/last` })
    const document = metadata([...ports, last])
    expect(document.length).toBeGreaterThan(400_000)
    expect(await endpointOf(document)).toMatchObject({ url: last.address })
  })

  const whole = metadata(adfsPorts())
  it.each([
    ['empty', '', 'is no well-formed XML'],
    ['a page', '<!doctype html><p>Hello', 'has a DTD'],
    ['JSON', '{"a":1}', 'is no well-formed XML'],
    ['cut off', whole.slice(0, -20), 'is no well-formed XML'],
    ['cut in a tag', whole.slice(0, whole.indexOf('TransportBinding') + 4), 'is no well-formed XML'],
    ['more than 1 MiB', `${whole}${' '.repeat(1024 * 1024)}`, 'is larger than 1 MiB'],
    ['deep', '<a>'.repeat(101) + '</a>'.repeat(101), 'nests deeper than 100 elements'],
    ['a bomb', `<!DOCTYPE a [<!ENTITY b "${'&c;'.repeat(50)}"><!ENTITY c "cccccc">]><a>&b;</a>`, 'has a DTD'],
    [
      'a bomb after words',
      `<?xml version="1.0"?><!-- - --><!DOCTYPE a SYSTEM "http://127.0.0.1/">${whole}`,
      'has a DTD',
    ],
    ['an entity', whole.replace('<!-- schemas -->', '&schemas;'), 'is no well-formed XML'],
    ['an entity of Object', whole.replace('<!-- schemas -->', '&constructor;'), 'is no well-formed XML'],
  ])('may not be %s', async (_, document, reason) => {
    expect(await endpointOf(document)).toMatchObject({
      code: 'invalid_response',
      message: `Cannot sign in at ${HOST}: its metadata ${reason}`,
    })
  })

  it('may not be another document', async () => {
    expect(await endpointOf('<a/>')).toMatchObject(none)
    expect(await endpointOf(`<a>${whole.replace(/<\?.*?\?>/, '')}</a>`)).toMatchObject(none)
  })

  it('takes no name for a property that every object has', async () => {
    const document = metadata([port({ name: '__proto__' }), port({ name: 'constructor' })])
    expect(await endpointOf(document)).toMatchObject({ url: `${trust}/one` })
    const unnamed = metadata([port()]).replaceAll(/ (name|wsu:Id|URI)="[^"]*"/g, '')
    expect(await endpointOf(unnamed)).toMatchObject(none)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('plain HTTP', () => {
  const local = metadata([port({ address: 'http://127.0.0.1:8080/a' })])

  it.each(['http://127.0.0.1:8080/mex', 'http://localhost/mex', 'http://[::1]:1/mex'])(
    'is for this machine, where the metadata came from it: %s',
    async (url) => {
      expect(await endpointOf(local, url)).toMatchObject({ url: 'http://127.0.0.1:8080/a' })
      expect(await endpointOf(metadata([port({ address: `http://${HOST}/` })]), url)).toMatchObject({
        code: 'invalid_response',
      })
    },
  )

  it.each(['http://sts.contoso.example/mex', 'http://127.0.0.1.contoso.example/mex', 'mex', 'file:///mex', 'https://'])(
    'is not asked for metadata: %s',
    async (metadataUrl) => {
      const { acquire, requests } = request({ metadata: local }, { metadataUrl })
      await expect(acquire()).rejects.toMatchObject({
        code: 'invalid_response',
        message: 'Cannot sign in at the federated domain: its realm names metadata without HTTPS',
      })
      expect(requests).toEqual([])
    },
  )
})

test.each([
  [302, 'invalid_response'],
  [0, 'invalid_response'],
  [404, 'invalid_response'],
  [429, 'server_error'],
  [503, 'server_error'],
])('metadata with status %i is not read', async (status, code) => {
  const { acquire, requests } = request({ metadata: { text: metadata(adfsPorts()), status } })
  const message = `Cannot sign in at ${HOST}: it gives no metadata (status ${status})`
  await expect(acquire()).rejects.toMatchObject({ code, message, status })
  expect(requests).toHaveLength(1)
})

describe('without metadata', () => {
  const sentTo = async (activeAuthUrl?: string): Promise<unknown> => {
    const { acquire, requests } = request({ token: answer('<A/>') }, { activeAuthUrl })
    return acquire().then(
      () => ({ url: requests[0]!.url, action: requests[0]!.headers['soapaction'] }),
      (error: unknown) => error,
    )
  }

  it.each([
    [`${trust}/2005/usernamemixed`, ACTION_2005],
    [`${trust}/13/usernamemixed`, ACTION_13],
    [`${trust}/13/UsernameMixed/?a=/trust/2005/usernamemixed`, ACTION_13],
    ['http://127.0.0.1:1/trust/13/usernamemixed', ACTION_13],
  ])('the path says what it speaks: %s', async (url, action) => {
    expect(await sentTo(url)).toEqual({ url, action })
  })

  it.each([
    [undefined, 'the federated domain: its realm names no provider that takes passwords'],
    ['', 'the federated domain: its realm names no provider that takes passwords'],
    [`http://${HOST}/trust/13/usernamemixed`, 'the federated domain: its realm names a provider without HTTPS'],
    ['/trust/13/usernamemixed', 'the federated domain: its realm names a provider without HTTPS'],
    [`${trust}/13/windowstransport`, `${HOST}: the path of its address does not say which WS-Trust it speaks`],
    [`${trust}?/trust/13/usernamemixed`, `${HOST}: the path of its address does not say which WS-Trust it speaks`],
  ])('refuses %s', async (url, reason) => {
    const message = `Cannot sign in at ${reason}`
    expect(await sentTo(url)).toMatchObject({ code: 'invalid_response', message })
  })
})
