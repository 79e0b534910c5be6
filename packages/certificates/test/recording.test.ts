import { constants, verify, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { certificateFromPfx } from '@latchkey/certificates'
import { acquireTokenForClient, createConfidentialClient, serializableCache } from '@latchkey/core'
import { differences, expectedRequests, type Assertion, type RecordedRequest } from './differences.js'
import recording from './fixtures/cc_pfx_sni.json' with { type: 'json' }

const requests = recording.requests as unknown as RecordedRequest[]
const decode = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

/** A request as it is compared: names of headers in lower case, what is random left out. */
function compare({ method, url, headers, form, client_assertion_decoded: assertion }: RecordedRequest) {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const { 'client-request-id': _id, 'content-type': _type, 'x-client-ver': _version, ...rest } = lower
  const { client_assertion: _assertion, ...fields } = form ?? {}
  const { jti: _jti, ...claims } = assertion?.payload ?? {}
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  return { method, url, headers: rest, form: texts, header: assertion?.header, claims }
}

/** Does with the file what MSAL Python did, and keeps what the server was asked. */
async function replay() {
  const asked: RecordedRequest[] = []
  let jwt = ''
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const recorded = requests.find((one) => one.method === init.method && one.url === url)
    if (!recorded) throw new Error(`Nobody recorded ${init.method} ${url}`)
    const form = Object.fromEntries(new URLSearchParams(String(init.body)))
    jwt = form['client_assertion'] ?? ''
    const [header, payload] = jwt.split('.')
    const assertion: Assertion = { header: decode(header), payload: decode(payload) }
    const { method = '', headers } = init
    asked.push({
      ...{ method, url, form, headers: Object.fromEntries(new Headers(headers)), response: recorded.response },
      client_assertion_decoded: assertion,
    })
    return Response.json(recorded.response.body, { status: recorded.response.status })
  }
  const { client_id: clientId, authority } = recording.client
  const { passphrase, public_certificate: sendX5c } = recording.client.client_credential
  const credential = await certificateFromPfx(Buffer.from(recording.pfx_base64, 'base64'), { passphrase, sendX5c })
  const cache = serializableCache()
  const now = (): number => recording.now * 1000
  const options = { clientId, authority, credential, cache, now, env: {}, maxRetries: 0 }
  const client = createConfidentialClient({ ...options, fetch: fetch as typeof globalThis.fetch })
  const [[scopes]] = recording.calls.map(({ args }) => args) as [[string[]]]
  return { asked, cache, result: await acquireTokenForClient(client, { scopes }), jwt }
}

test(`${recording.name}: ${recording.note}: the same requests, result and cache`, async () => {
  const { asked, cache, result } = await replay()
  expect(asked.map(compare)).toEqual(expectedRequests(requests).map(compare))
  const [theirs] = recording.results
  expect(result).toMatchObject({
    accessToken: theirs?.access_token,
    tokenType: theirs?.token_type,
    source: theirs?.token_source,
  })
  expect(result.expiresOn.getTime() / 1000 - recording.now).toBe(theirs?.expires_in)
  expect(JSON.parse(cache.serialize())).toEqual(recording.cache)
})

test('the assertion is signed by the key of the certificate that it shows', async () => {
  const { jwt } = await replay()
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const { x5c } = decode(header) as { x5c: string[] }
  const certificate = new X509Certificate(Buffer.from(x5c[0]!, 'base64'))
  const key = { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
  expect(certificate.fingerprint.replaceAll(':', '').toLowerCase()).toBe(recording.thumbprint)
  expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(recording.thumbprint_sha256)
})

test.each(differences)('the difference is real: $what', ({ saves, changes }) => {
  const differs = requests.some(
    (request) => saves?.(request) || (changes && JSON.stringify(changes(request)) !== JSON.stringify(request)),
  )
  expect(differs).toBe(true)
})
