// The modules of node-forge that are used; its own types know the whole library only. Bytes are texts, a character for each.

declare module 'node-forge/lib/asn1.js' {
  export interface Asn1 {
    readonly tagClass: number
    readonly type: number
    readonly value: string | Asn1[]
  }
  const asn1: {
    fromDer(bytes: string, options: { strict: boolean; decodeBitStrings: boolean }): Asn1
    derToOid(bytes: string): string
    derToInteger(bytes: string): number
  }
  export default asn1
}

declare module 'node-forge/lib/util.js' {
  export interface ByteBuffer {
    getBytes(): string
  }
  const util: { createBuffer(bytes: string): ByteBuffer }
  export default util
}

declare module 'node-forge/lib/des.js' {
  import type { ByteBuffer } from 'node-forge/lib/util.js'
  export interface Decipher {
    readonly output: ByteBuffer
    start(iv: string): void
    update(input: ByteBuffer): void
    finish(unpad: () => boolean): boolean
  }
  const des: { createDecryptionCipher(key: string): Decipher }
  export default des
}

declare module 'node-forge/lib/rc2.js' {
  import type { Decipher } from 'node-forge/lib/des.js'
  const rc2: { createDecryptionCipher(key: string, effectiveBits: number): Decipher }
  export default rc2
}

declare module 'node-forge/lib/md5.js' {
  export interface Hash {
    create(): { update(bytes: string): void; digest(): { getBytes(): string } }
  }
  const md5: Hash
  export default md5
}

declare module 'node-forge/lib/sha1.js' {
  import type { Hash } from 'node-forge/lib/md5.js'
  const sha1: Hash
  export default sha1
}

declare module 'node-forge/lib/sha256.js' {
  import type { Hash } from 'node-forge/lib/md5.js'
  const sha256: Hash
  export default sha256
}

declare module 'node-forge/lib/sha512.js' {
  import type { Hash } from 'node-forge/lib/md5.js'
  const sha512: Hash & { readonly sha384: Hash }
  export default sha512
}
