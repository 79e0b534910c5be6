import type { Bytes } from './bytes.js'
import { Unreadable } from './Unreadable.js'

/** A passphrase as files spell it, and how much work for it is left. */
export interface Passphrase {
  /** UTF-8, for PKCS#5. */
  readonly utf8: Bytes
  /** UTF-16, most significant byte first, with a zero at the end, for PKCS#12. */
  readonly utf16: Bytes
  /** Counts iterations down; a file that asks for too many is refused. */
  readonly spend: (iterations: number, left: 'native' | 'javascript') => void
}

/** Iterations that one file may ask for in all: of WebCrypto's PBKDF2, and of the older derivations, in JavaScript. */
const LIMITS = { native: 10_000_000, javascript: 1_000_000 }

/**
 * Spells a passphrase.
 *
 * @param text The passphrase.
 * @returns The ways in which a file may mean it: no passphrase is written as an empty one, or as nothing at all.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7292#appendix-B.1 RFC 7292, appendix B.1}
 */
export function spellPassphrase(text: string): [Passphrase, ...Passphrase[]] {
  const left = { ...LIMITS }
  const spend: Passphrase['spend'] = (iterations, kind) => {
    left[kind] -= iterations
    if (left[kind] < 0) throw new Unreadable(`it asks for more than ${LIMITS[kind]} iterations`)
  }
  const utf8 = new TextEncoder().encode(text)
  const utf16 = new Uint8Array(2 * text.length + 2)
  for (let at = 0; at < text.length; at++) new DataView(utf16.buffer).setUint16(2 * at, text.charCodeAt(at))
  const passphrase = { utf8, utf16, spend }
  return text === '' ? [passphrase, { ...passphrase, utf16: new Uint8Array() }] : [passphrase]
}
