import { settleDeviceAs, signInAs, type Person, type SignInResult } from './actAs.js'
import { EntraError } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { findIdentity } from './identity.js'
import { beginSignIn, revokeSignIns } from './memory.js'
import { resolveTenantPath } from './tenantPath.js'
import type { User } from './User.js'
import { issueRefreshToken } from './userTokens.js'

/** What a refresh token is issued for. */
export interface RefreshTokenOptions {
  /** The user. */
  readonly username: string
  /** The app that can redeem it. */
  readonly clientId: string
  /** The scope that it is issued for, such as `User.Read`. */
  readonly scope: string
}

/** What users of an emulator do, without a browser. */
export interface People {
  /**
   * Signs a user in at an authorization URL, as the pages do.
   *
   * @returns The response to the app: a code, or an OAuth error; rejects with an `Error` where a page would show one.
   */
  readonly signIn: (authUri: string | URL, person: Person) => Promise<SignInResult>
  /** Approves the device that shows a code; rejects with an `Error` where a page would show one. */
  readonly approveDevice: (userCode: string, person: Person) => Promise<void>
  /** Declines the device that shows a code; rejects with an `Error` for an unknown one. */
  readonly declineDevice: (userCode: string) => Promise<void>
  /** Issues a refresh token without a sign-in, as one that an older library has kept. */
  readonly issueRefreshToken: (options: RefreshTokenOptions) => Promise<string>
  /**
   * Ends every session of a user, as an administrator does: refresh tokens are refused with AADSTS50173, the resource
   * refuses access tokens, and pages ask for the password again.
   */
  readonly revokeSessions: (username: string) => Promise<void>
}

/**
 * Makes the actions of an emulator's users.
 *
 * @param service The emulator.
 * @param now The clock, in ms since the epoch.
 * @returns The actions.
 */
export function createPeople(service: Service, now: () => number): People {
  const { directory, memory } = service
  const findUser = (username: string): User => {
    const user = directory.findUser(checkText('username', username))
    if (!user) throw new EntraError(50034, { user: username, tenant: 'any' })
    return user
  }
  return {
    signIn: (authUri, person) =>
      say('sign in', () => signInAs(service, toExchange(authUri, now()), checkPerson(person))),
    approveDevice: (userCode, person) =>
      say('approve the device', () =>
        settleDeviceAs(service, checkText('user code', userCode), checkPerson(person), now()),
      ),
    declineDevice: (userCode) =>
      say('decline the device', () => settleDeviceAs(service, checkText('user code', userCode), undefined, now())),
    issueRefreshToken: ({ username, clientId, scope }) =>
      say('issue a refresh token', () => {
        const user = findUser(username)
        checkText('scope', scope)
        const client = directory.findApp(user.tenantId, checkText('client ID', clientId))
        if (!client) throw new EntraError(700016, { app: clientId, tenant: user.tenantId })
        const url = new URL('https://login.microsoftonline.com')
        const path = resolveTenantPath(directory, url, { tenant: user.tenantId })
        const identity = findIdentity(directory, path, client, user)
        return issueRefreshToken(service, now(), {
          client,
          identity,
          scope,
          signIn: beginSignIn(memory, user.id, now()),
        })
      }),
    revokeSessions: (username) => say('revoke sessions', () => revokeSignIns(memory, findUser(username).id, now())),
  }
}

/** They may come from another process, as JSON. */
function checkText(name: string, value: string): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`Cannot act for a user: expected a ${name}`)
  return value
}

/** Says what failed as an Error with the AADSTS text. */
async function say<T>(what: string, act: () => T): Promise<T> {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof EntraError)) throw error
    throw new Error(`Cannot ${what}: AADSTS${error.number}: ${error.message}`, { cause: error })
  }
}

function checkPerson(person: Person): Person {
  checkText('username', person?.username)
  return person
}

function toExchange(authUri: string | URL, now: number): Exchange {
  if (!URL.canParse(String(authUri))) throw new TypeError('Cannot sign in: expected an authorization URL')
  const url = new URL(authUri)
  const ids = { correlationId: crypto.randomUUID(), traceId: crypto.randomUUID() }
  return { ...ids, request: new Request(url), url, form: new URLSearchParams(), body: '', origin: null, now }
}
