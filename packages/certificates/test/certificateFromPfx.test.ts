import { createHmac, pbkdf2Sync, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certificateFromPfx } from '@latchkey/certificates'
import { acquireToken, NOW } from './acquireToken.js'
import { asBer, contentOf, der, hex, integer, valuesIn } from './der.js'
import { fileSets } from './fileSets.js'
import committed from './fixtures/files.json' with { type: 'json' }
import { PASSPHRASE } from './passphrase.js'

const decode = (base64: string): Buffer => Buffer.from(base64, 'base64')
const aes = decode(committed['aes.pfx'])
const leaf = committed['leaf.crt']
const passphrase = PASSPHRASE
/** Why a file is refused. */
const refusal = (...args: Parameters<typeof certificateFromPfx>): Promise<unknown> =>
  certificateFromPfx(...args).then(String, (error: unknown) => error)
const cannotRead = (reason: string): TypeError => new TypeError(`Cannot read the PFX: ${reason}`)
const wrong = cannotRead('the passphrase is wrong, or the file is damaged')

for (const [set, files, skip] of fileSets) {
  describe.skipIf(skip)(set, () => {
    const certificate = files['leaf.crt']!
    const x5tS256 = hex(new X509Certificate(certificate).fingerprint256.replaceAll(':', '')).toString('base64url')

    test.each([
      ...['aes.pfx', 'chain.pfx', 'aes-128-sha-512.pfx', 'aes-192-sha-384.pfx', '3des-rc2-40.pfx', '2des-rc2-128.pfx'],
      ...['without-mac.pfx', 'unprotected.pfx'],
    ])('gets a token with %s', async (name) => {
      const credential = await certificateFromPfx(decode(files[name]!), { passphrase })
      const { tokenType, header } = await acquireToken(credential, certificate)
      expect(tokenType).toBe('Bearer')
      expect(header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x5tS256 })
    })

    test.each(['empty-passphrase.pfx', 'unprotected.pfx'])('gets a token with %s and no passphrase', async (name) => {
      for (const options of [undefined, {}, { passphrase: undefined }, { passphrase: '' }]) {
        const credential = await certificateFromPfx(decode(files[name]!), options)
        expect(await acquireToken(credential, certificate)).toMatchObject({ tokenType: 'Bearer' })
      }
    })

    test('sends the own certificate of a chain, and not those of its issuers', async () => {
      const credential = await certificateFromPfx(decode(files['chain.pfx']!), { passphrase, sendX5c: true })
      const { header } = await acquireToken(credential, certificate)
      expect(header['x5c']).toEqual([new X509Certificate(certificate).raw.toString('base64')])
    })

    test.each(['aes.pfx', '3des-rc2-40.pfx', 'without-mac.pfx'])('refuses %s with a wrong passphrase', async (name) => {
      const file = decode(files[name]!)
      expect(await refusal(file, { passphrase: 'grüße' })).toEqual(wrong)
      expect(await refusal(file)).toEqual(cannotRead('it is protected by a passphrase'))
    })

    test.each([
      ['ec.pfx', 'its private key is not RSA, which is all that Entra takes'],
      ['key-only.pfx', 'there is no certificate in it'],
      ['certificate-only.pfx', 'there is no private key in it'],
      ['rc4.pfx', 'its encryption 1.2.840.113549.1.12.1.1 is not supported; export it again with AES'],
    ])('refuses %s', async (name, reason) => {
      expect(await refusal(decode(files[name]!), { passphrase })).toEqual(cannotRead(reason))
    })
  })
}

test('refuses an expired certificate, by the client’s clock', async () => {
  const credential = await certificateFromPfx(aes, { passphrase })
  await expect(acquireToken(credential, leaf, Date.UTC(2200, 0))).rejects.toThrow(
    /^Cannot use the certificate: it expired on 2126-/,
  )
  await acquireToken(credential, leaf, NOW)
})

test('takes any kind of bytes, and keeps none of them', async () => {
  const within = Buffer.concat([Buffer.alloc(7), aes, Buffer.alloc(7)])
  const view = new Uint8Array(within.buffer, within.byteOffset + 7, aes.length)
  const buffer = Uint8Array.from(aes).buffer
  const credentials = [view, buffer].map((bytes) => certificateFromPfx(bytes, { passphrase }))
  view.fill(0)
  new Uint8Array(buffer).fill(0)
  for (const credential of credentials)
    expect(await acquireToken(await credential, leaf)).toMatchObject({ tokenType: 'Bearer' })
})

// An unprotected file to build others of: its content, and the MAC that another program would add.
const unprotected = decode(committed['unprotected.pfx'])
const [version, content] = valuesIn(unprotected) as [Buffer, Buffer]
const [octetString] = valuesIn(valuesIn(content)[1]!) as [Buffer]
const withMac = (macData: Buffer): Buffer => der(0x30, version, content, macData)
const SHA_256 = hex('30 0d 0609 608648016503040201 0500')
const HMAC_SHA_256 = hex('30 0c 0608 2a864886f70d0209 0500')
const salt = Buffer.from('12345678')

function pbmac1(iterations: number, key: Buffer): Buffer {
  const { from, to } = contentOf(octetString)
  const pbkdf2 = der(0x30, der(0x04, salt), integer(iterations), integer(32), HMAC_SHA_256)
  const derivation = der(0x30, hex('0609 2a864886f70d01050c'), pbkdf2)
  const algorithm = der(0x30, hex('0609 2a864886f70d01050e'), der(0x30, derivation, HMAC_SHA_256))
  const mac = createHmac('sha256', key).update(octetString.subarray(from, to)).digest()
  return withMac(der(0x30, der(0x30, algorithm, der(0x04, mac)), der(0x04, Buffer.from('unused')), integer(1)))
}

test('verifies a MAC by PBMAC1', async () => {
  const file = pbmac1(1000, pbkdf2Sync(passphrase, salt, 1000, 32, 'sha256'))
  expect(await acquireToken(await certificateFromPfx(file, { passphrase }), leaf)).toMatchObject({
    tokenType: 'Bearer',
  })
  expect(await refusal(file, { passphrase: 'other' })).toEqual(wrong)
})

test('reads BER: values without a length, and texts in pieces', async () => {
  for (const file of [unprotected, aes]) {
    const ber = asBer(file)
    expect(ber.equals(file)).toBe(false)
    expect(await acquireToken(await certificateFromPfx(ber, { passphrase }), leaf)).toMatchObject({
      tokenType: 'Bearer',
    })
  }
})

test('refuses a file that asks for more iterations than anybody needs', async () => {
  const key = Buffer.alloc(32)
  expect(await refusal(pbmac1(10_000_001, key), { passphrase })).toEqual(
    cannotRead('it asks for more than 10000000 iterations'),
  )
  const digest = der(0x30, SHA_256, der(0x04, key))
  const mac = (iterations: number): Buffer => withMac(der(0x30, digest, der(0x04, salt), integer(iterations)))
  for (const iterations of [1_000_001, 0x7fffffff])
    expect(await refusal(mac(iterations), { passphrase })).toEqual(
      cannotRead('it asks for more than 1000000 iterations'),
    )
  for (const number of ['0200', '020100', '0201ff', '0205ffffffffff', '02090100000000000000ff'])
    expect(await refusal(withMac(der(0x30, digest, der(0x04, salt), hex(number))))).toBeInstanceOf(TypeError)
})

test('refuses what is larger than 1 MiB, and what nests deeply', async () => {
  expect(await refusal(new Uint8Array(1024 * 1024 + 1))).toEqual(cannotRead('it is larger than 1 MiB'))
  const damaged = cannotRead('it is damaged, or not a PFX')
  expect(await refusal(new Uint8Array(1024 * 1024))).toEqual(damaged)
  expect(await refusal(Buffer.alloc(1024 * 1024, hex('3080')))).toEqual(damaged)
  expect(await refusal(Buffer.alloc(1024 * 1024, hex('30830fffff')))).toEqual(damaged)
  expect(await refusal(der(0x30, Buffer.alloc(1024 * 1024 - 5, hex('0500'))))).toBeInstanceOf(TypeError)
})

test('refuses a file that was cut short, wherever', async () => {
  for (let length = 0; length < aes.length; length += 7)
    expect(await refusal(aes.subarray(0, length), { passphrase })).toEqual(cannotRead('it is damaged, or not a PFX'))
})

test('fails in no other way than with a TypeError when a byte is wrong', async () => {
  for (let at = 0; at < unprotected.length; at += 5) {
    for (const byte of [0x00, 0x80, 0xff]) {
      const spoilt = Buffer.from(unprotected)
      spoilt[at] = byte
      const made = await refusal(spoilt)
      if (made instanceof Error) expect(made).toBeInstanceOf(TypeError)
    }
  }
})

test.each<[unknown, unknown]>([
  [undefined, {}],
  [null, {}],
  [committed['aes.pfx'], {}],
  [[...aes], {}],
  [new Uint16Array(4), {}],
  [{ byteLength: 4 }, {}],
  [aes, null],
  [aes, 'passphrase'],
  [aes, { passphrase: 42 }],
  [aes, { passphrase: null }],
  [aes, { passphrase: new Uint8Array(4) }],
  [aes, { passphrase, sendX5c: 'yes' }],
])('refuses wrong arguments %#', async (file, options) => {
  const error = await refusal(file as Uint8Array, options as object)
  expect(error).toBeInstanceOf(TypeError)
  expect((error as Error).message).toMatch(/^Cannot use .*: expected /)
})

test('shows neither passphrase nor key', async () => {
  const shown: unknown[] = [await refusal(aes, { passphrase: 'not-this-one' })]
  const credential = await certificateFromPfx(unprotected)
  shown.push(JSON.stringify(credential), String(credential))
  const secret = committed['pkcs8.key'].slice(100, 150)
  for (const value of shown) {
    const text = value instanceof Error ? `${value.stack}${String(value.cause)}` : String(value)
    expect(text).not.toContain('not-this-one')
    expect(text).not.toContain(secret)
  }
})
