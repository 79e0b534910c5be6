import type { Client } from '../client/client.js'

/** How a request to the operating system can end, other than with a token. */
export type BrokerRefusal = 'interaction_required' | 'user_cancelled' | 'network_error' | 'broker_error'

/** A client with a new broker that is available, and a hand on the operating system behind it, where nobody is signed in yet. */
export interface BrokerUnderTest {
  /** A public client with the broker, and an empty cache of its own. */
  readonly client: Client
  /**
   * Signs a user in to the operating system.
   *
   * @param username The sign-in name.
   * @param password The password, where the broker is to take it.
   * @returns When it is done.
   */
  signIn(username: string, password?: string): void | Promise<void>
  /**
   * Makes the requests from now on end with an error.
   *
   * @param refusal Which; `undefined` for none.
   * @returns When it is done.
   */
  refuse(refusal: BrokerRefusal | undefined): void | Promise<void>
  /**
   * Makes the requests from now on wait for {@link BrokerUnderTest.release}.
   *
   * @returns When it is done.
   */
  hold(): void | Promise<void>
  /**
   * Lets the requests that wait go on, and holds no more.
   *
   * @returns When it is done.
   */
  release(): void | Promise<void>
  /**
   * Lets go of what the broker took.
   *
   * @returns When it is done.
   */
  readonly close?: (() => void | Promise<void>) | undefined
}
