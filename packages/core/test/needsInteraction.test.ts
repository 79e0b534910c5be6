import { expect, test } from 'vitest'
import { AuthError, needsInteraction, type AuthErrorCode } from '@latchkey/core'

test.each<AuthErrorCode>(['no_token', 'interaction_required', 'consent_required', 'invalid_grant'])(
  '%s does',
  (code) => {
    expect(needsInteraction(new AuthError(code, 'x'))).toBe(true)
  },
)

test.each<AuthErrorCode>([
  ...(['invalid_client', 'invalid_scope', 'throttled', 'server_error', 'network_error', 'timeout'] as const),
  ...(['user_cancelled', 'invalid_authority', 'invalid_response', 'cache_corrupt', 'access_denied'] as const),
])('%s does not', (code) => {
  expect(needsInteraction(new AuthError(code, 'x'))).toBe(false)
})

test.each([new Error('invalid_grant'), { code: 'invalid_grant' }, 'invalid_grant', undefined, null])(
  '%o does not',
  (value) => {
    expect(needsInteraction(value)).toBe(false)
  },
)
