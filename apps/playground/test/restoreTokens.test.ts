import { describe, expect, test } from 'vitest'
import { cutToken } from '../src/scenario/cutToken.js'
import { redactResponse } from '../src/scenario/redact.js'
import { restoreTokens } from '../src/scenario/restoreTokens.js'

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl'
const present = { AccessToken: { a: { secret: token }, b: { secret: 'opaque-and-secret' } } }
const cut = { AccessToken: { a: { secret: cutToken(token) }, b: { secret: cutToken('opaque-and-secret') } } }

describe('cut tokens', () => {
  test('hold no signature, and nothing of what is not a JWT', () => {
    expect(JSON.stringify(cut)).not.toMatch(/c2lnbmF0dXJl|opaque/)
  })

  test('come back when an edited cache is loaded', () => {
    expect(JSON.parse(restoreTokens(JSON.stringify(cut), present))).toEqual(present)
  })

  test('come back under another key, where they can be told apart', () => {
    const edited = { AccessToken: { moved: cut.AccessToken.a } }
    expect(JSON.parse(restoreTokens(JSON.stringify(edited), present))).toEqual({
      AccessToken: { moved: { secret: token } },
    })
  })

  test('that are not here are refused', () => {
    expect(() => restoreTokens(JSON.stringify(cut), {})).toThrow('Cannot load the cache: the token under a is cut')
  })

  test('whole tokens of another cache pass', () => {
    expect(JSON.parse(restoreTokens(JSON.stringify(present), {}))).toEqual(present)
  })

  test.each(['', '{', '[]', 'null', '{"AccessToken":1}', '{"AccessToken":{"a":null}}'])(
    'leaves %j to the cache',
    (json) => {
      expect(() => restoreTokens(json, present)).not.toThrow()
    },
  )

  test('are cut in an answer that breaks off', () => {
    expect(redactResponse(`{"access_token":"${token.slice(0, -3)}`)).not.toContain('c2lnbm')
    expect(redactResponse('{"refresh_token": "opaque-and')).not.toContain('opaque')
  })
})
