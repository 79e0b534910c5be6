/**
 * Generates an RSA key pair that an emulator can sign with; give one to many emulators to create them quickly.
 *
 * @returns A 2048-bit RSASSA-PKCS1-v1_5 key pair with SHA-256.
 */
export function generateSigningKey(): Promise<CryptoKeyPair> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  }
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}
