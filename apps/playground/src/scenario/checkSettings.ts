import { cacheNames } from './cacheNames.js'
import type { CredentialSettings } from './CredentialSettings.js'
import type { Settings } from './Settings.js'

const kinds: Readonly<Record<keyof Settings, (value: unknown) => boolean>> = {
  emulated: (value) => typeof value === 'boolean',
  authority: isText,
  clientId: isText,
  credential: isCredential,
  scopes: isTexts,
  claims: isText,
  cache: (value) => cacheNames.some((name) => name === value),
  capabilities: isTexts,
  timeout: isNumber,
  maxRetries: isNumber,
  region: isText,
  minutesAhead: isNumber,
  calls: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000,
}

const credentialMembers: Readonly<Record<CredentialSettings['kind'], Readonly<Record<string, string>>>> = {
  secret: { secret: 'string' },
  certificate: { file: 'string', passphrase: 'string', sendX5c: 'boolean' },
  assertion: { assertion: 'string' },
}

/**
 * Checks the shape of settings that came over HTTP; whether they make sense is for Latchkey to say.
 *
 * @param value What came.
 * @returns The settings.
 * @throws {TypeError} naming the member that is wrong.
 */
export function checkSettings(value: unknown): Settings {
  const settings = Object(value) as Record<string, unknown>
  for (const [name, isRight] of Object.entries(kinds))
    if (!isRight(settings[name])) throw new TypeError(`Cannot run: the setting ${name} is not right`)
  return settings as unknown as Settings
}

function isCredential(value: unknown): boolean {
  const credential = Object(value) as Record<string, unknown>
  const members = new Map(Object.entries(credentialMembers)).get(String(credential['kind']))
  return members !== undefined && Object.entries(members).every(([name, type]) => typeof credential[name] === type)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value)
}
