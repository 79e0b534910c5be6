import { remember } from '../keys/remember.js'

/** The last nonce of each server. */
export interface Nonces {
  /** Gives the nonce to use for an address. */
  readonly get: (url: string) => string | undefined
  /** Remembers what a server gave. */
  readonly set: (url: string, nonce: string) => void
}

/** Servers whose nonces are remembered. */
const KEPT = 100

/**
 * Remembers nonces by origin.
 *
 * @returns The nonces; none at first.
 */
export function createNonces(): Nonces {
  const nonces = new Map<string, string>()
  return {
    get: (url) => nonces.get(new URL(url).origin),
    set: (url, nonce) => remember(nonces, new URL(url).origin, nonce, KEPT),
  }
}
