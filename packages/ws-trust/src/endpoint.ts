import type { WsTrustVersion } from './versions.js'

/** Where a provider takes passwords. */
export interface Endpoint {
  /** The address, as the provider writes it. */
  readonly address: string
  /** The version of WS-Trust that it speaks. */
  readonly version: WsTrustVersion
}
