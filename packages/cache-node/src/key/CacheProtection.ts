/**
 * Where the 32 bytes come from that encrypt a cache: the bytes; a function that gets them, from a key management service for one;
 * the name of an environment variable that holds them as base64 or hex; a file that only its owner can open, which holds them as
 * bytes, base64 or hex and is made with a new key where neither it nor a cache is there.
 */
export type CacheKey =
  | Uint8Array
  | (() => Uint8Array | Promise<Uint8Array>)
  | { readonly env: string }
  | { readonly file: string }

/**
 * How a cache is protected: `'os'` encrypts it with a key that the operating system's vault keeps; `{ key }` encrypts it with a key
 * of yours; `'none'` WRITES EVERY TOKEN AS PLAIN TEXT, into a file that only this user can open.
 */
export type CacheProtection = 'none' | 'os' | { readonly key: CacheKey }
