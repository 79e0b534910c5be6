import { describe, expect, it } from 'vitest'

describe('what the packages stand on', () => {
  it('hashes with WebCrypto', async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect(hex).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('signs with RS256, as the emulator does', async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const parameters = { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
    const pair = await crypto.subtle.generateKey(parameters, false, ['sign', 'verify'])
    const data = new TextEncoder().encode('header.payload')
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, data)
    expect(await crypto.subtle.verify(algorithm, pair.publicKey, signature, data)).toBe(true)
  })
})
