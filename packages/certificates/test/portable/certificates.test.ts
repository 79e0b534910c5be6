import { describe, expect, it } from 'vitest'
import { certificateFromPem, certificateFromPfx } from '@latchkey/certificates'
import { acquireToken } from '../acquireToken.js'
import files from '../fixtures/files.json' with { type: 'json' }
import { PASSPHRASE } from '../passphrase.js'

const passphrase = PASSPHRASE
const leaf = files['leaf.crt']
const decode = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

describe('certificateFromPfx', () => {
  it.each(['aes.pfx', 'chain.pfx', '3des-rc2-40.pfx', '2des-rc2-128.pfx'] as const)(
    'gets a token with %s',
    async (name) => {
      const credential = await certificateFromPfx(decode(files[name]), { passphrase, sendX5c: true })
      expect(await acquireToken(credential, leaf)).toMatchObject({ tokenType: 'Bearer' })
    },
  )

  it('gets a token with a file that has no passphrase', async () => {
    for (const name of ['empty-passphrase.pfx', 'unprotected.pfx'] as const) {
      const credential = await certificateFromPfx(decode(files[name]))
      expect(await acquireToken(credential, leaf)).toMatchObject({ tokenType: 'Bearer' })
    }
  })

  it.each(['aes.pfx', '3des-rc2-40.pfx', 'without-mac.pfx'] as const)(
    'refuses %s with a wrong passphrase',
    async (name) => {
      await expect(certificateFromPfx(decode(files[name]), { passphrase: 'wrong' })).rejects.toThrow(
        new TypeError('Cannot read the PFX: the passphrase is wrong, or the file is damaged'),
      )
    },
  )

  it('refuses what nests deeply', async () => {
    await expect(certificateFromPfx(new Uint8Array(100_000).fill(0x30))).rejects.toThrow(TypeError)
    const nested = Uint8Array.from({ length: 100_000 }, (_, at) => (at % 2 === 0 ? 0x30 : 0x80))
    await expect(certificateFromPfx(nested)).rejects.toThrow(TypeError)
  })
})

describe('certificateFromPem', () => {
  it.each([
    ...(['pkcs8.key', 'pkcs1.key', 'aes.key', '3des.key', 'pkcs12-3des.key', 'md5-des.key', 'sha1-des.key'] as const),
    ...(['traditional-aes.key', 'traditional-3des.key'] as const),
  ])('gets a token with %s', async (name) => {
    const text = files['root.crt'] + files[name] + leaf + files['intermediate.crt']
    const credential = await certificateFromPem(text, { passphrase, sendX5c: true })
    expect(await acquireToken(credential, leaf)).toMatchObject({ tokenType: 'Bearer' })
  })

  it('refuses an EC key', async () => {
    await expect(certificateFromPem(files['ec.key'] + files['ec.crt'])).rejects.toThrow(
      new TypeError('Cannot read the PEM: its private key is not RSA, which is all that Entra takes'),
    )
  })
})
