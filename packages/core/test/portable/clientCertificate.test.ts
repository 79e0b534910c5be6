import { describe, expect, it } from 'vitest'
import { acquireTokenForClient, clientCertificate, createConfidentialClient } from '@latchkey/core'
import { createCertificate, createEmulator } from '@latchkey/emulator'

const clientId = '0f6a4f8e-2f4b-4c0e-9d3a-7b1c5e9a2d40'

describe('clientCertificate', () => {
  const setUp = async () => {
    const own = await createCertificate()
    const emulator = createEmulator()
    const { authority, tenantId, scope } = emulator.defaults
    emulator.directory.addApp({ clientId, tenantId, certificates: [own.certificate] })
    const acquire = (options: Partial<Parameters<typeof clientCertificate>[0]>) => {
      const credential = clientCertificate({ privateKey: own.privateKey, ...options })
      const client = createConfidentialClient({ clientId, authority, credential, fetch: emulator.fetch })
      return acquireTokenForClient(client, { scopes: [scope] })
    }
    return { own, acquire }
  }

  it('gets a token with the certificate, and with either thumbprint', async () => {
    const { own, acquire } = await setUp()
    const { certificate, thumbprint, thumbprintSha256 } = own
    for (const options of [{ certificate }, { certificate, sendX5c: true }, { thumbprint }, { thumbprintSha256 }])
      expect((await acquire(options)).tokenType).toBe('Bearer')
  })

  it('gets a token with a CryptoKey that cannot be exported, and with a JWK', async () => {
    const { own, acquire } = await setUp()
    const { certificate } = own
    const pkcs8 = Uint8Array.from(atob(own.privateKey.replaceAll(/-----.*-----/g, '')), (one) => one.charCodeAt(0))
    for (const name of ['RSA-PSS', 'RSASSA-PKCS1-v1_5']) {
      const key = (extractable: boolean) =>
        crypto.subtle.importKey('pkcs8', pkcs8, { name, hash: 'SHA-256' }, extractable, ['sign'])
      expect((await acquire({ certificate, privateKey: await key(false) })).tokenType).toBe('Bearer')
      const jwk = await crypto.subtle.exportKey('jwk', await key(true))
      expect((await acquire({ certificate, privateKey: jwk })).tokenType).toBe('Bearer')
    }
  })

  it('refuses the certificate of another key, and a key that is not RSA', async () => {
    const { own, acquire } = await setUp()
    const { certificate } = await createCertificate('Other')
    await expect(acquire({ certificate })).rejects.toThrow('expected the one that belongs to the private key')
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const der = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey))
    const privateKey = `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PRIVATE KEY-----`
    await expect(acquire({ certificate: own.certificate, privateKey })).rejects.toThrow('expected an RSA key')
  })
})
