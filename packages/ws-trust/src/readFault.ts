import type { AuthError } from '@latchkey/core'
import type { XmlElement } from '@rgrove/parse-xml'
import { cannotSignIn } from './cannotSignIn.js'
import { conceal } from './conceal.js'
import { find, textOf } from './xml/find.js'

/**
 * Turns a SOAP fault into an error (SOAP 1.2 part 1 §5.4).
 *
 * @param envelope The message.
 * @param host The provider's host.
 * @param status The HTTP status.
 * @param password What the error may not repeat: a provider may echo what it was sent.
 * @returns The error, `server_error` where the provider says that it failed itself; nothing where there is no fault.
 */
export function readFault(envelope: XmlElement, host: string, status: number, password: string): AuthError | undefined {
  const [fault] = find(envelope, 's:Body/s:Fault')
  if (!fault) return undefined
  const said = (path: string): string => find(fault, path).map(textOf)[0] ?? ''
  const shown = (text: string): string => conceal(text, password).slice(0, 1024)
  // Qualified names: `a:FailedAuthentication`.
  const local = (name: string): string => name.replace(/^.*:/, '')
  const code = local(said('s:Code/s:Value'))
  const subcode = local(said('s:Code/s:Subcode/s:Value'))
  const isTheirs = code === 'Receiver' && subcode !== 'FailedAuthentication'
  const error = shown(subcode || code)
  const errorDescription = shown(said('s:Reason/s:Text'))
  const reason = [error, errorDescription].filter(Boolean).join(': ') || 'it gives no reason'
  return cannotSignIn(host, reason, isTheirs ? 'server_error' : 'invalid_grant', {
    error: error || undefined,
    errorDescription: errorDescription || undefined,
    status,
  })
}
