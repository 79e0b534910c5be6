import { expect, test } from 'vitest'
import { AuthError, isAuthError, type AuthErrorDetails } from '@latchkey/core'

const details: AuthErrorDetails = {
  error: 'invalid_grant',
  errorDescription: 'AADSTS50076: multi-factor authentication is needed',
  errorCodes: [50076],
  suberror: 'basic_action',
  classification: 'basic_action',
  claims: '{}',
  correlationId: 'correlation',
  traceId: 'trace',
  timestamp: '2027-01-15 08:00:00Z',
  status: 400,
  retryAfter: 7,
}

test('is an Error with a code, a message and a stack', () => {
  const error = new AuthError('invalid_grant', 'Cannot acquire a token: invalid_grant')
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toBe('AuthError: Cannot acquire a token: invalid_grant')
  expect(error).toMatchObject({ name: 'AuthError', code: 'invalid_grant' })
  expect(error.stack).toContain('AuthError.test')
})

test('has what the server said, and nothing where it said nothing', () => {
  expect(new AuthError('invalid_grant', 'x', details)).toMatchObject(details)
  const error = new AuthError('timeout', 'x', { status: undefined, claims: undefined })
  expect(Object.keys(error).toSorted()).toEqual(['code', 'name'])
  expect('status' in error).toBe(false)
})

test('keeps its cause as every Error does', () => {
  const cause = new TypeError('fetch failed')
  const error = new AuthError('network_error', 'x', { cause })
  expect(error.cause).toBe(cause)
  expect(Object.keys(error)).not.toContain('cause')
  expect('cause' in new AuthError('network_error', 'x')).toBe(false)
})

test('can be written as JSON', () => {
  expect(JSON.parse(JSON.stringify(new AuthError('invalid_grant', 'x', details)))).toEqual({
    name: 'AuthError',
    code: 'invalid_grant',
    ...details,
  })
})

test('is known as one, also when it is another copy’s', () => {
  class AuthErrorOfAnotherCopy extends Error {
    override readonly name = 'AuthError'
    readonly code = 'timeout'
  }
  expect(isAuthError(new AuthError('timeout', 'x'))).toBe(true)
  expect(isAuthError(new AuthErrorOfAnotherCopy())).toBe(true)
  const others = [
    new Error('x'),
    new TypeError('x'),
    Object.assign(new Error('x'), { code: 'timeout' }),
    'AuthError',
    null,
    undefined,
    5,
  ]
  for (const other of [...others, { name: 'AuthError', code: 'timeout' }]) expect(isAuthError(other)).toBe(false)
})
