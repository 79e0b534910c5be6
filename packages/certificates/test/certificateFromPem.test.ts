import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certificateFromPem } from '@latchkey/certificates'
import { acquireToken } from './acquireToken.js'
import { fileSets } from './fileSets.js'
import committed from './fixtures/files.json' with { type: 'json' }
import type { Files } from './makeFiles.js'
import { PASSPHRASE } from './passphrase.js'

const passphrase = PASSPHRASE
/** Why a text is refused. */
const refusal = (...args: Parameters<typeof certificateFromPem>): Promise<unknown> =>
  certificateFromPem(...args).then(String, (error: unknown) => error)
const cannotRead = (reason: string): TypeError => new TypeError(`Cannot read the PEM: ${reason}`)
const wrong = cannotRead('the passphrase is wrong, or the file is damaged')

/** The key between the certificates of a chain, and words as tools print them. */
const withChain = (files: Files, key: string): string =>
  `${files['root.crt']}subject=/CN=leaf\n${files[key]}${files['leaf.crt']}Bag Attributes\n${files['intermediate.crt']}`

for (const [set, files, skip] of fileSets) {
  describe.skipIf(skip)(set, () => {
    const certificate = files['leaf.crt']!
    const isProtected = (name: string): boolean => !['pkcs8.key', 'pkcs1.key'].includes(name)
    const keys = [
      ...['pkcs8.key', 'pkcs1.key', 'aes.key', '3des.key', 'pkcs12-3des.key', 'md5-des.key', 'sha1-des.key'],
      ...['traditional-aes.key', 'traditional-3des.key'],
    ]

    test.each(keys)('gets a token with %s', async (name) => {
      for (const text of [files[name]! + certificate, certificate + files[name]!.replaceAll('\n', '\r\n')]) {
        const credential = await certificateFromPem(text, { passphrase })
        expect(await acquireToken(credential, certificate)).toMatchObject({ tokenType: 'Bearer' })
      }
    })

    test.each(keys)('sends a chain after the certificate of %s', async (name) => {
      const credential = await certificateFromPem(withChain(files, name), { passphrase, sendX5c: true })
      const { header } = await acquireToken(credential, certificate)
      expect(header['x5c']).toEqual(
        ['leaf.crt', 'intermediate.crt', 'root.crt'].map((name) =>
          new X509Certificate(files[name]!).raw.toString('base64'),
        ),
      )
    })

    test.each(keys.filter(isProtected))('refuses %s with a wrong passphrase, and with none', async (name) => {
      const text = files[name]! + certificate
      expect(await refusal(text, { passphrase: 'grüße' })).toEqual(wrong)
      expect(await refusal(text)).toEqual(cannotRead('it is protected by a passphrase'))
    })

    test.each([
      ['ec.key', 'its private key is not RSA, which is all that Entra takes'],
      ['scrypt.key', 'its key derivation 1.3.6.1.4.1.11591.4.11 is not supported'],
    ])('refuses %s', async (name, reason) => {
      expect(await refusal(files[name]! + certificate, { passphrase })).toEqual(cannotRead(reason))
    })
  })
}

const { 'leaf.crt': leaf, 'pkcs8.key': key, 'intermediate.crt': intermediate, 'intermediate.key': other } = committed

test('finds the one of several keys that has a certificate', async () => {
  for (const text of [other + key + leaf, key + other + leaf, committed['ec.key'] + leaf + key]) {
    const credential = await certificateFromPem(text)
    expect(await acquireToken(credential, leaf)).toMatchObject({ tokenType: 'Bearer' })
  }
  expect(await certificateFromPem(key + key + leaf)).toHaveProperty('apply')
  expect(await refusal(other + key + leaf + intermediate)).toEqual(
    cannotRead('there are several private keys with a certificate in it'),
  )
})

test.each([
  ['no key', leaf, 'there is no private key in it'],
  ['no certificate', key, 'there is no certificate in it'],
  ['a certificate of another key', key + intermediate, 'no certificate in it belongs to the private key'],
  ['a certificate of an EC key', key + committed['ec.crt'], 'no certificate in it belongs to the private key'],
  ['words only', 'hello', 'there is no private key in it'],
  ['nothing', '', 'there is no private key in it'],
  ['END lines only', '-----END PRIVATE KEY-----\n'.repeat(9), 'there is no private key in it'],
  ['another END line', key.replace('END PRIVATE', 'END PUBLIC') + leaf, 'there is no private key in it'],
  ['half a key', key.slice(0, 800) + leaf, 'there is no private key in it'],
  ['a key of dots', `-----BEGIN PRIVATE KEY-----...-----END PRIVATE KEY-----${leaf}`, 'it is damaged, or not a PEM'],
  ['an empty key', `-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----${leaf}`, 'it is damaged, or not a PEM'],
  ['an empty certificate', `${key}-----BEGIN CERTIFICATE----------END CERTIFICATE-----`, 'it is damaged, or not a PEM'],
  ['more than 1 MiB', ' '.repeat(1024 * 1024 + 1), 'it is larger than 1 MiB'],
  [
    'an unknown cipher',
    committed['traditional-aes.key'].replace('AES-256-CBC', 'CAMELLIA-256-CBC'),
    'its encryption is not supported; write it again as PKCS#8',
  ],
])('refuses %s', async (_, text, reason) => {
  expect(await refusal(text, { passphrase })).toEqual(cannotRead(reason))
})

test('reads a megabyte of BEGIN lines without hanging', async () => {
  const many = '-----BEGIN PRIVATE KEY-----\n'
  expect(await refusal(many.repeat(Math.floor((1024 * 1024) / many.length)))).toEqual(
    cannotRead('there is no private key in it'),
  )
  const dek = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n${'DEK-Info: A,1 '.repeat(70_000)}-----END RSA PRIVATE KEY-----`
  expect(await refusal(dek, { passphrase })).toBeInstanceOf(TypeError)
})

test.each<[unknown, unknown]>([
  [undefined, {}],
  [null, {}],
  [Buffer.from(key + leaf), {}],
  [42, {}],
  [key + leaf, null],
  [key + leaf, { passphrase: 42 }],
  [key + leaf, { sendX5c: 1 }],
])('refuses wrong arguments %#', async (text, options) => {
  const error = await refusal(text as string, options as object)
  expect(error).toBeInstanceOf(TypeError)
  expect((error as Error).message).toMatch(/^Cannot use .*: expected /)
})

test('shows neither passphrase nor key', async () => {
  const error = (await refusal(committed['aes.key'] + leaf, { passphrase: 'not-this-one' })) as Error
  const credential = await certificateFromPem(key + leaf)
  const shown = `${error.stack}${String(error.cause)}${JSON.stringify(credential)}${String(credential)}`
  expect(shown).not.toContain('not-this-one')
  expect(shown).not.toContain(key.slice(100, 150))
})
