import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { wsTrust } from '@latchkey/ws-trust'
import { requestSecurityToken } from '../src/requestSecurityToken.js'
import { wsTrust13, wsTrust2005 } from '../src/versions.js'
import { answer } from './fixtures/answers.js'
import { ENVELOPE, goldenEnvelopes } from './fixtures/envelopes.js'
import { request } from './provider.js'
import { structure } from './structure.js'

const versions = { '13': wsTrust13, '2005': wsTrust2005 }

describe.each(Object.keys(versions) as (keyof typeof versions)[])('WS-Trust %s', (name) => {
  const { address, action, xml } = goldenEnvelopes[name]!
  const version = versions[name]

  it('asks as the specification has it', () => {
    const envelope = requestSecurityToken({ ...ENVELOPE, endpoint: { address, version } })
    expect(structure(envelope)).toEqual(structure(xml))
  })

  it('sends what it wrote, with a new id and the time of the clock', async () => {
    const { now, ...user } = ENVELOPE
    const { acquire, requests } = request(
      { token: answer('<A/>') },
      { ...user, activeAuthUrl: address, now: () => now },
    )
    await acquire()
    await acquire()
    const ids = requests.map(({ body = '' }) => /urn:uuid:([^<]+)/.exec(body)?.[1] ?? '')
    expect(new Set(ids).size).toBe(2)
    for (const [index, { method, url, headers, body, once }] of requests.entries()) {
      expect(ids[index]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(structure(body!.replace(ids[index]!, ENVELOPE.id))).toEqual(structure(xml))
      // Sent once: the provider counts wrong passwords.
      expect({ method, url, once }).toEqual({ method: 'POST', url: address, once: true })
      expect(headers).toEqual({ 'content-type': 'application/soap+xml; charset=utf-8', soapaction: action })
    }
  })
})

test('any user and password arrive as they are, or are not sent', async () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...Array.from('&<>"\'\r\n\t ]]>\0\uD800\uFFFE')), fc.string({ unit: 'binary' })),
  })
  await fc.assert(
    fc.asyncProperty(text, text, async (name, password) => {
      const username = `u${name}`
      const { acquire, requests } = request({ token: answer('<A/>') }, { username, password })
      try {
        await acquire()
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_grant' })
        expect(`${username}${password}`).toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u)
        expect(requests).toEqual([])
        return
      }
      // White space around a text means nothing to `structure`; a mark on both sides keeps it.
      const body = requests[0]!.body!.replaceAll(/(Username|Password)>([^<]*)<\//g, '$1>|$2|</')
      const found = JSON.stringify(structure(body))
      expect(found).toContain(JSON.stringify(`|${username}|`))
      expect(found).toContain(JSON.stringify(`|${password}|`))
    }),
  )
})

test.each<[object | null | undefined, string]>([
  [null, 'the request: expected an object'],
  [undefined, 'the request: expected an object'],
  [{ username: '' }, 'username: expected a text'],
  [{ username: 42 }, 'username: expected a text'],
  [{ password: undefined }, 'password: expected a text'],
  [{ audience: undefined }, 'audience: expected a text'],
  [{ now: 42 }, 'now: expected a function'],
  [{ send: {} }, 'send: expected a function'],
])('refuses wrong arguments: %o', async (wrong, reason) => {
  const right = { ...ENVELOPE, now: () => 0, send: async () => ({ status: 200, text: '', headers: new Headers() }) }
  const given = wrong && { ...right, ...wrong }
  await expect(wsTrust().acquireAssertion(given as never)).rejects.toThrow(new TypeError(`Cannot use ${reason}`))
})

test('the federation is frozen', () => {
  expect(Object.isFrozen(wsTrust())).toBe(true)
})
