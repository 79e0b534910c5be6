import { exportJWK, SignJWT, type JWK, type JWTPayload } from 'jose'
import { generateSigningKey } from './generateSigningKey.js'
import { selfSign } from './selfSign.js'
import { thumbprint } from './thumbprint.js'

/** The key that an emulator signs its tokens with. */
export interface Signing {
  /** Signs a token. */
  sign(claims: JWTPayload): Promise<string>
  /** Signs text with RSASSA-PKCS1-v1_5 and SHA-256; base64. */
  signText(text: string): Promise<string>
  /** Signs bytes in the same way. */
  signBytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
  /** Verifies what `signText` made. */
  verifyText(text: string, signature: string): Promise<boolean>
  /** The public key as JWKS lists it: `kid` equals `x5t`, as Entra has it. */
  publicJwk(): Promise<JWK>
  /** The public key, to verify with. */
  publicKey(): Promise<CryptoKey>
}

interface Material {
  readonly keys: CryptoKeyPair
  readonly jwk: JWK & { readonly kid: string }
}

/**
 * Makes the signing key of an emulator; the key pair is generated at first use.
 *
 * @param signingKey RSASSA-PKCS1-v1_5 with SHA-256, the public key extractable.
 * @returns The key.
 */
export function createSigning(signingKey?: CryptoKeyPair | Promise<CryptoKeyPair>): Signing {
  let material: Promise<Material> | undefined
  const load = (): Promise<Material> => (material ??= prepare(signingKey ?? generateSigningKey()))
  return {
    async sign(claims) {
      const { keys, jwk } = await load()
      return new SignJWT(claims)
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: jwk.kid, x5t: jwk.kid })
        .sign(keys.privateKey)
    },
    async signText(text) {
      const { keys } = await load()
      const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', keys.privateKey, new TextEncoder().encode(text))
      return btoa(String.fromCharCode(...new Uint8Array(signature)))
    },
    async signBytes(bytes) {
      const { keys } = await load()
      return new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', keys.privateKey, bytes))
    },
    async verifyText(text, signature) {
      const { keys } = await load()
      const bytes = decodeBase64(signature)
      if (!bytes) return false
      return crypto.subtle.verify('RSASSA-PKCS1-v1_5', keys.publicKey, bytes, new TextEncoder().encode(text))
    },
    publicJwk: async () => (await load()).jwk,
    publicKey: async () => (await load()).keys.publicKey,
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

async function prepare(signingKey: CryptoKeyPair | Promise<CryptoKeyPair>): Promise<Material> {
  const keys = await signingKey
  const certificate = await selfSign(keys, 'accounts.accesscontrol.windows.net')
  const kid = await thumbprint('SHA-1', certificate)
  const { kty, n, e } = (await exportJWK(keys.publicKey)) as { kty: string; n: string; e: string }
  return { keys, jwk: { kty, use: 'sig', kid, x5t: kid, n, e, x5c: [btoa(String.fromCharCode(...certificate))] } }
}
