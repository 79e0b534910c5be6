import { children, count, octets, oid, parse, type Asn1 } from './asn1.js'
import { concat, type Bytes } from './bytes.js'
import type { OldCipher } from './decipher.js'
import { derivePbkdf2 } from './derivePbkdf2.js'
import { derivePkcs12 } from './derivePkcs12.js'
import { hashRepeatedly } from './hashes.js'
import type { Passphrase } from './Passphrase.js'
import { Unreadable, WrongPassphrase } from './Unreadable.js'

const PBES2 = '1.2.840.113549.1.5.13'

/** PBES2's ciphers and the bytes of their keys. */
const CIPHERS: Readonly<Record<string, readonly ['AES-CBC' | OldCipher, number]>> = {
  '2.16.840.1.101.3.4.1.2': ['AES-CBC', 16],
  '2.16.840.1.101.3.4.1.22': ['AES-CBC', 24],
  '2.16.840.1.101.3.4.1.42': ['AES-CBC', 32],
  '1.2.840.113549.3.7': ['3DES-CBC', 24],
  '1.3.14.3.2.7': ['DES-CBC', 8],
}

/** PKCS#12's own schemes, all with SHA-1. */
const PKCS12_SCHEMES: Readonly<Record<string, readonly [OldCipher, number]>> = {
  '1.2.840.113549.1.12.1.3': ['3DES-CBC', 24],
  '1.2.840.113549.1.12.1.4': ['3DES-CBC', 16],
  '1.2.840.113549.1.12.1.5': ['RC2-CBC', 16],
  '1.2.840.113549.1.12.1.6': ['RC2-CBC', 5],
}

/** PKCS#5 v1's schemes, as far as they use DES. */
const PBES1_SCHEMES: Readonly<Record<string, 'MD5' | 'SHA-1'>> = {
  '1.2.840.113549.1.5.3': 'MD5',
  '1.2.840.113549.1.5.10': 'SHA-1',
}

/**
 * Decrypts what was encrypted with a passphrase.
 *
 * @param algorithm The scheme with its parameters.
 * @param data The encrypted bytes.
 * @param passphrase The passphrase.
 * @returns What was encrypted.
 * @throws {Unreadable} when the passphrase is wrong, or the scheme is unknown or asks for too much.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8018 RFC 8018} and {@link https://www.rfc-editor.org/rfc/rfc7292 RFC 7292}
 */
export async function decrypt(algorithm: Asn1 | undefined, data: Bytes, passphrase: Passphrase): Promise<Asn1> {
  const [identifier, parameters] = children(algorithm)
  const scheme = oid(identifier)
  const decrypted =
    scheme === PBES2
      ? await decryptPbes2(parameters, data, passphrase)
      : await decryptOld(scheme, parameters, data, passphrase)
  try {
    return parse(decrypted)
  } catch {
    throw new WrongPassphrase()
  }
}

async function decryptPbes2(parameters: Asn1 | undefined, data: Bytes, passphrase: Passphrase): Promise<Bytes> {
  const [derivation, encryption] = children(parameters)
  const [identifier, vector] = children(encryption)
  const [name, size] = CIPHERS[oid(identifier)] ?? unsupported(oid(identifier))
  const key = await derivePbkdf2(derivation, passphrase, size)
  return decryptCbc(name, key, octets(vector), data)
}

async function decryptOld(
  scheme: string,
  parameters: Asn1 | undefined,
  data: Bytes,
  passphrase: Passphrase,
): Promise<Bytes> {
  const [saltValue, iterationsValue] = children(parameters)
  const salt = octets(saltValue)
  const iterations = count(iterationsValue)
  const hash = PBES1_SCHEMES[scheme]
  if (hash) {
    passphrase.spend(iterations, 'javascript')
    const derived = await hashRepeatedly(hash, concat(passphrase.utf8, salt), iterations)
    return decryptCbc('DES-CBC', derived.slice(0, 8), derived.slice(8, 16), data)
  }
  const [name, size] = PKCS12_SCHEMES[scheme] ?? unsupported(scheme)
  const derived = await derivePkcs12('key', 'SHA-1', salt, iterations, passphrase, size)
  const iv = await derivePkcs12('iv', 'SHA-1', salt, iterations, passphrase, 8)
  // 3DES with two keys uses the first one twice.
  const key = name === '3DES-CBC' ? concat(derived, derived).slice(0, 24) : derived
  return decryptCbc(name, key, iv, data)
}

/**
 * Decrypts with a cipher in CBC mode.
 *
 * @param name The cipher.
 * @param key The key.
 * @param iv The initialization vector.
 * @param data The encrypted bytes.
 * @returns The bytes.
 * @throws {Unreadable} when the key is wrong, as far as the padding shows it.
 */
export async function decryptCbc(name: 'AES-CBC' | OldCipher, key: Bytes, iv: Bytes, data: Bytes): Promise<Bytes> {
  if (name !== 'AES-CBC') {
    const { decipher } = await import('./decipher.js')
    return decipher(name, key, iv, data)
  }
  const imported = await crypto.subtle.importKey('raw', key, name, false, ['decrypt']).catch(() => {
    throw new Unreadable(`this runtime has no AES with ${8 * key.length} bits`)
  })
  const decrypted = crypto.subtle.decrypt({ name, iv }, imported, data).catch(() => {
    throw new WrongPassphrase()
  })
  return new Uint8Array(await decrypted)
}

function unsupported(identifier: string): never {
  throw new Unreadable(`its encryption ${identifier} is not supported; export it again with AES`)
}
