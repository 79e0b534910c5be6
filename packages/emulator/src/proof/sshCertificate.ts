import { base64url } from 'jose'
import type { Exchange, Service } from '../Exchange.js'
import type { Binding } from './Binding.js'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/**
 * Makes an SSH certificate, signed with the emulator's key.
 *
 * @param service The emulator.
 * @param exchange The token request.
 * @param binding The key that it is for.
 * @param principal Whom it lets in.
 * @returns Its body, base64.
 * @see {@link https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.certkeys OpenSSH, PROTOCOL.certkeys}
 */
export async function issueSshCertificate(
  { signing, tokenLifetime }: Service,
  { now }: Exchange,
  { jwk, keyId }: Binding,
  principal: string,
): Promise<string> {
  const authority = await signing.publicJwk()
  const seconds = BigInt(Math.floor(now / 1000))
  const body = join([
    field(encode('ssh-rsa-cert-v01@openssh.com')),
    field(crypto.getRandomValues(new Uint8Array(32))),
    integer(jwk?.e ?? ''),
    integer(jwk?.n ?? ''),
    number(seconds, 8), // serial
    number(1n, 4), // of a user
    field(encode(keyId)),
    field(field(encode(principal))),
    number(seconds, 8),
    number(seconds + BigInt(tokenLifetime), 8),
    field(new Uint8Array()), // critical options
    field(join([field(encode('permit-pty')), field(new Uint8Array())])),
    field(new Uint8Array()),
    field(join([field(encode('ssh-rsa')), integer(authority.e ?? ''), integer(authority.n ?? '')])),
  ])
  const signature = await signing.signBytes(body)
  return base64(join([body, field(join([field(encode('rsa-sha2-256')), field(signature)]))]))
}

/** Bytes with their length in front. */
function field(bytes: Uint8Array): Uint8Array {
  return join([number(BigInt(bytes.length), 4), bytes])
}

/** A number of any length; a first bit that is set would make it negative. */
function integer(text: string): Uint8Array {
  const bytes = base64url.decode(text)
  return field((bytes[0] ?? 0) > 127 ? join([new Uint8Array(1), bytes]) : bytes)
}

function number(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n))
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
