import { expect, isText } from '@latchkey/core/internal'
import type { ProofCheckOptions, ReceivedRequest } from './ProofCheckOptions.js'
import { refusal } from './refusal.js'

/** A request as the checks read it. */
export interface ReadRequest {
  readonly method: string
  readonly url: URL
  /** What comes after the scheme in `Authorization`. */
  readonly credentials: string
  readonly header: (name: string) => string
}

/**
 * Reads a request, and checks the caller's arguments.
 *
 * @param request The request.
 * @param scheme What its `Authorization` must begin with.
 * @param options What it is checked against.
 * @returns The request.
 * @throws {TypeError} when an argument is wrong.
 * @throws {AuthError} `access_denied` where there are no such credentials, or the method is not taken.
 */
export function readRequest(request: ReceivedRequest, scheme: 'PoP' | 'DPoP', options: ProofCheckOptions): ReadRequest {
  const { keys, issuer, audience, methods, maxAge = 300, url = request?.url } = options ?? {}
  expect(isText(request?.method) && request.headers, 'the request', 'method, url and headers')
  expect(URL.canParse(url), 'url', 'an absolute URL')
  expect(typeof keys === 'function' || Array.isArray(keys?.keys), 'keys', 'a JWK set, or a function')
  expect([issuer].flat().every(isText), 'issuer', 'a non-empty string, or several')
  expect([audience].flat().every(isText), 'audience', 'a non-empty string, or several')
  expect(maxAge > 0, 'maxAge', 'seconds')
  const { headers } = request
  const header = (name: string): string => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name]
    return typeof value === 'string' ? value : (value ?? []).join(', ')
  }
  const [, named = '', credentials = ''] = /^(\w+) +([\w.~+/=-]+)$/.exec(header('authorization')) ?? []
  if (named.toLowerCase() !== scheme.toLowerCase()) throw refusal('invalid_request', `no ${scheme} token is sent`)
  const method = request.method.toUpperCase()
  if (methods && !methods.includes(method)) throw refusal('invalid_request', 'the method is not taken')
  return { method, url: new URL(url), credentials, header }
}
