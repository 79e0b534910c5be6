import { tokenOf } from './subject.ts'

/** A token service in this process, without a network. */
export interface TokenService {
  /** How many requests it answered. */
  readonly requests: number
}

/**
 * Puts a token service in the place of the global fetch, for every library alike.
 *
 * @returns What tells how often it was called.
 */
export function tokenService(): TokenService {
  const service = { requests: 0 }
  globalThis.fetch = (input, init) => {
    service.requests++
    return Promise.resolve(answer(input, init?.body))
  }
  return service
}

function answer(url: unknown, body: unknown): Response {
  if (!(url instanceof URL) && typeof url !== 'string') throw new TypeError('Cannot answer: expected a URL')
  if (!(body instanceof URLSearchParams) && typeof body !== 'string')
    throw new TypeError('Cannot answer: expected a form')
  const tenant = new URL(url).pathname.split('/')[1] ?? ''
  const scope = new URLSearchParams(body).get('scope')
  if (scope === null) throw new TypeError('Cannot answer: expected a token request')
  return Response.json({
    token_type: 'Bearer',
    expires_in: 86_399,
    ext_expires_in: 86_399,
    access_token: tokenOf({ tenant, scope }),
  })
}
