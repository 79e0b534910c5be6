import { randomUUID } from 'node:crypto'

/** A user as the identity broker of Linux describes one. */
export interface DoubleAccount {
  homeAccountId: string
  environment: string
  realm: string
  localAccountId: string
  username: string
  givenName: string
  familyName: string
  middleName: string
  name: string
  alternativeAccountId: string
  clientInfo: string
  passwordExpiry: number
  passwordChangeUrl: string
  homeEnvironment: string
}

/**
 * Makes a user with ids of their own: MSALRuntime keeps locks by account in the whole system.
 *
 * @param changes What is to be otherwise.
 * @returns The user.
 */
export function doubleAccount(changes: Partial<DoubleAccount> = {}): DoubleAccount {
  const { localAccountId = randomUUID(), realm = randomUUID() } = changes
  return {
    homeAccountId: `${localAccountId}.${realm}`,
    environment: 'login.microsoftonline.com',
    realm,
    localAccountId,
    username: 'zoe@fabrikam.example',
    givenName: 'Zoë',
    familyName: 'Öztürk',
    middleName: '',
    name: 'Zoë Öztürk',
    alternativeAccountId: '',
    clientInfo: Buffer.from(JSON.stringify({ uid: localAccountId, utid: realm })).toString('base64url'),
    passwordExpiry: 0,
    passwordChangeUrl: '',
    homeEnvironment: 'login.microsoftonline.com',
    ...changes,
  }
}
