import type { CacheDocument } from '@latchkey/core'

/** Turns a document into the bytes that are kept, and back. */
export interface Codec {
  /** Rejects with {@link Damaged} where the bytes hold none; with another error where they may, but cannot be read. */
  decode(bytes: Buffer): Promise<CacheDocument | undefined>
  /** Makes the bytes, in parts; of an empty cache where there is no document. */
  encode(document: CacheDocument | undefined): Promise<readonly Uint8Array[]>
}

/** The bytes hold no cache; the message says why, in words that continue "it". */
export class Damaged extends Error {}
