/** What the page for brokers asks for. */
export interface BrokerSettings {
  readonly authority: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Whom to sign in, or which account is meant. */
  readonly username: string
  readonly prompt: string
}

/**
 * Checks what the page sent.
 *
 * @param given The request's body.
 * @returns The settings.
 * @throws {TypeError} when they are not what the page sends.
 */
export function readBrokerSettings(given: unknown): BrokerSettings {
  const record = Object(given) as Record<string, unknown>
  const text = (name: string): string => {
    const value = record[name] ?? ''
    if (typeof value !== 'string' || value.length > 2000) throw new TypeError(`Cannot run: expected ${name} as text`)
    return value.trim()
  }
  const [authority, clientId] = [text('authority'), text('clientId')]
  if (!clientId) throw new TypeError('Cannot run: expected a client ID')
  if (!authority) throw new TypeError('Cannot run: expected an authority')
  const scopes = text('scopes').split(/\s+/).filter(Boolean)
  return { authority, clientId, scopes, username: text('username'), prompt: text('prompt') }
}
