import { base64url } from './base64url.js'
import { escapeXml } from './xml/escapeXml.js'

/**
 * Keeps a text of the provider only if it does not repeat the password, however it is escaped.
 *
 * @param text The text.
 * @param password The password.
 * @returns The text with single spaces, or `***`.
 */
export function conceal(text: string, password: string): string {
  const forms = [
    password,
    escapeXml(password),
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    base64url(password),
  ]
  const found = forms.map(bare).some((form) => form !== '' && bare(text).includes(form))
  return found ? '***' : text.replace(/\s+/g, ' ').trim()
}

/** Without white space, which parsers change, and in one alphabet of base64. */
function bare(text: string): string {
  return text.replace(/\s+/g, '').replaceAll('+', '-').replaceAll('/', '_').toLowerCase()
}
