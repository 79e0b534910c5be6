import { expect, test } from 'vitest'
import { telemetryFields } from '../src/telemetryFields.js'

test('what the library says of a call is given as texts', () => {
  const said = {
    api_name: 'SignInSilently',
    is_successful: 'true',
    duration: 12.5,
    cached: false,
    code: '-2147',
    '': 1,
  }
  expect(telemetryFields(JSON.stringify(said))).toEqual({
    ...{ api_name: 'SignInSilently', is_successful: 'true', duration: '12.5', cached: 'false', code: '-2147' },
  })
})

test.each([
  ['a name', 'note', 'Ada Lovelace'],
  ['an address', 'note', 'ada@contoso.example'],
  ['an account', 'account_id', '7d6f5a2c'],
  ['what Windows adds', 'wam_telemetry', '{}'],
  ['a token', 'note', `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${'e'.repeat(80)}.sig`],
  ['what is nested', 'note', { upn: 'ada@contoso.example' }],
  ['a list', 'note', ['ada']],
])('%s is left out', (_, name, value) => {
  expect(telemetryFields(JSON.stringify({ [name]: value }))).toEqual({ [name]: '(pii)' })
})

test.each([[undefined], [''], ['{'], ['[]'], ['null'], ['"text"'], ['{}']])('%j says nothing', (text) => {
  expect(telemetryFields(text)).toBeUndefined()
})

test('a flood of fields is cut off, and names cannot be anything', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, index]))
  expect(Object.keys(telemetryFields(JSON.stringify(many))!)).toHaveLength(100)
  expect(telemetryFields('{"__proto__":"a","<ada@contoso.example>":"b","c":"d"}')).toEqual(
    JSON.parse('{"__proto__":"a","c":"d"}'),
  )
})
