import { expect } from '../arguments/expect.js'
import type { Certificate } from './readCertificate.js'
import { webCryptoAlgorithm, type SignatureAlgorithm } from './readPrivateKey.js'

/**
 * Puts certificates in the order of RFC 7515 §4.1.6: first the private key's own, then who issued it, and so on.
 *
 * @param certificates One or more, in any order.
 * @param key The private key.
 * @param algorithm What it signs with.
 * @returns The same certificates, those outside of the chain last.
 * @throws {TypeError} when none of them is the private key's.
 */
export async function certificateChain(
  certificates: readonly Certificate[],
  key: CryptoKey,
  algorithm: SignatureAlgorithm,
): Promise<[Certificate, ...Certificate[]]> {
  const rest = [...certificates]
  const take = (found: Certificate | undefined): Certificate | undefined =>
    found && rest.splice(rest.indexOf(found), 1)[0]

  let next = take(await findOwn(certificates, key, webCryptoAlgorithm(algorithm)))
  expect(next, 'the certificate', 'the one that belongs to the private key')
  const chain: [Certificate, ...Certificate[]] = [next]
  while ((next = take(rest.find(({ subject }) => subject === chain.at(-1)?.issuer)))) chain.push(next)
  return [...chain, ...rest]
}

/** A key that cannot be exported still shows what it signs. */
async function findOwn(
  certificates: readonly Certificate[],
  key: CryptoKey,
  algorithm: ReturnType<typeof webCryptoAlgorithm>,
): Promise<Certificate | undefined> {
  const probe = new Uint8Array(1)
  const signature = await crypto.subtle.sign(algorithm, key, probe)
  for (const certificate of certificates) {
    const publicKey = await crypto.subtle
      .importKey('spki', certificate.publicKey, algorithm, false, ['verify'])
      .catch(() => undefined) // of another kind than RSA
    if (publicKey && (await crypto.subtle.verify(algorithm, publicKey, signature, probe))) return certificate
  }
  return undefined
}
