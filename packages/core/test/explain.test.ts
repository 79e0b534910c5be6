import { describe, expect, test } from 'vitest'
import { acquireTokenForClient, AuthError, clientSecret, explain, type AuthErrorCode } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { createClient, rejection, scopes } from './fixtures/tokenService.js'

const explainNumber = (...errorCodes: number[]): string | undefined =>
  explain(new AuthError('server_error', 'x', { errorCodes }))
const explainCode = (code: AuthErrorCode): string | undefined => explain(new AuthError(code, 'x'))

describe('an AADSTS number', () => {
  test.each<[number, RegExp]>([
    [50011, /redirect URI.*app registration/],
    [50076, /[Mm]ulti-factor.*claims/],
    [65001, /[Cc]onsent.*API permissions/],
    [700016, /client id.*tenant/],
    [7000215, /value, not its id/],
    [7000222, /expired.*new one/],
    [700027, /certificate/],
    [90002, /tenant/],
    [1002012, /\.default/],
  ])('%i says what to do', (number, sentence) => {
    expect(explainNumber(number)).toMatch(sentence)
  })

  test('goes before the code, and the first that is known counts', () => {
    expect(explainNumber(7000215, 50011)).toBe(explainNumber(7000215))
    expect(explainNumber(1, 50011)).toBe(explainNumber(50011))
    expect(explainNumber(1)).toBe(explainCode('server_error'))
  })

  test.each(['toString', '__proto__', 'constructor'])('that is %s is none', (name) => {
    expect(explainNumber(name as unknown as number)).toBe(explainCode('server_error'))
  })
})

describe('a code', () => {
  test.each<AuthErrorCode>([
    ...([
      'no_token',
      'interaction_required',
      'consent_required',
      'invalid_grant',
      'throttled',
      'network_error',
    ] as const),
    ...([
      'expired',
      'state_mismatch',
      'nonce_mismatch',
      'id_token_invalid',
      'popup_blocked',
      'storage_unavailable',
    ] as const),
    ...(['timeout', 'server_error', 'invalid_authority', 'invalid_response', 'cache_corrupt'] as const),
  ])('%s says what to do', (code) => {
    expect(explainCode(code)).toMatch(/^[A-Z].+\.$/)
  })

  test('of which nothing better can be said says nothing', () => {
    expect(explainCode('user_cancelled')).toBeUndefined()
  })
})

test.each([new Error('x'), new TypeError('x'), 'invalid_grant', undefined, null, { code: 'timeout' }])(
  '%o is not explained',
  (value) => {
    expect(explain(value)).toBeUndefined()
  },
)

test('what the emulator refuses is explained', async () => {
  const emulator = createEmulator()
  const { authority, clientId, clientSecret: secret, scope } = emulator.defaults
  const good = { authority, clientId, credential: clientSecret(secret) }
  const acquire = (options: object, scopes = [scope]) =>
    acquireTokenForClient(createClient(emulator, { ...good, ...options }), { scopes })
  const explanations = [
    acquire({ credential: clientSecret('wrong-secret') }),
    acquire({ clientId: '00000000-0000-0000-0000-000000000001' }),
    acquire({ authority: 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001' }),
    acquire({ authority: 'https://login.microsoftonline.com/unknown.example' }),
    acquire({}, ['User.Read']),
    acquire({}, ['api://unknown/.default']),
  ].map(async (calling) => explain(await rejection(calling)))
  expect(await Promise.all(explanations)).toEqual([
    explainNumber(7000215),
    explainNumber(700016),
    explainNumber(90002),
    explainCode('invalid_authority'),
    explainNumber(1002012),
    explainNumber(500011),
  ])
  expect(scopes).toEqual([scope])
})
