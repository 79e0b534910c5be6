import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { DoubleAccount } from './doubleAccount.ts'

/** A call as it came over the bus. */
export interface DoubleCall {
  readonly member: string
  readonly version: string
  readonly correlationId: string
  readonly request: DoubleRequest
}

/** What is read of a request; everything else is there, too. */
export interface DoubleRequest {
  readonly clientId?: string
  readonly authParameters?: {
    readonly account: DoubleAccount | null
    readonly authority: string
    /** 1 for a token, 3 for a password, 6 for a window. */
    readonly authorizationType: number
    readonly clientId: string
    readonly decodedClaims: string
    readonly additionalQueryParametersForAuthorization: Readonly<Record<string, string>>
    readonly password: string
    readonly popParams: null | Readonly<Record<'httpMethod' | 'uriHost' | 'uriPath' | 'nonce', string>>
    readonly redirectUri: string
    readonly requestedScopes: readonly string[]
    readonly username: string
  }
  readonly [name: string]: unknown
}

/** Thrown by a handler: the call fails on the bus, before there is any answer. */
export class BusFailure extends Error {
  readonly errorName: string
  constructor(errorName: string, message: string) {
    super(message)
    this.errorName = errorName
  }
}

/** The broker's own numbers for what MSALRuntime then calls by these names. */
export const DOUBLE_STATUS = {
  Unexpected: 0,
  Reserved: 1,
  InteractionRequired: 2,
  NoNetwork: 3,
  NetworkTemporarilyUnavailable: 4,
  ServerTemporarilyUnavailable: 5,
  ApiContractViolation: 6,
  UserCanceled: 7,
  ApplicationCanceled: 8,
  IncorrectConfiguration: 9,
  InsufficientBuffer: 10,
  AuthorityUntrusted: 11,
  UserSwitch: 12,
  AccountUnusable: 13,
  UserDataRemovalRequired: 14,
  TransientError: 15,
  AccountSwitch: 16,
  DeviceNotRegistered: 17,
  KeyNotFound: 18,
  AccountNotFound: 19,
  RequiredBrokerMissing: 20,
  FallbackToNativeMsal: 21,
} as const

/**
 * Answers with tokens for a user, as the request asks for them.
 *
 * @param call The request.
 * @param account Who signed in.
 * @param changes Fields that are to be otherwise.
 * @returns The answer.
 */
export function tokensFor({ request }: DoubleCall, account: DoubleAccount, changes: object = {}): object {
  const { clientId, requestedScopes, popParams } = request.authParameters!
  const now = Math.floor(Date.now() / 1000)
  const accessToken = `access token ${randomUUID()}`
  return {
    brokerTokenResponse: {
      account,
      accountId: account.homeAccountId,
      accessToken: popParams ? signedRequest(accessToken, popParams, now) : accessToken,
      accessTokenType: popParams ? 1 : 0,
      expiresOn: (now + 3600) * 1000,
      extendedExpiresOn: (now + 7200) * 1000,
      idToken: idToken(clientId, account, now),
      clientInfo: account.clientInfo,
      grantedScopes: [...requestedScopes, 'openid', 'profile'].join(' '),
      refreshToken: '',
      ...changes,
    },
  }
}

/**
 * Answers with an error.
 *
 * @param status What kind.
 * @param fields Fields of the error.
 * @returns The answer.
 */
export function refusal(status: keyof typeof DOUBLE_STATUS, fields: object = {}): object {
  const error = { context: 'refused by the test', tag: 0x1f553780, errorCode: -895156209, subStatus: 0, ...fields }
  return { brokerTokenResponse: { error: { ...error, status: DOUBLE_STATUS[status] } } }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Nobody checks this signature: MSALRuntime trusts its broker. */
function idToken(clientId: string, { localAccountId, realm, name, username }: DoubleAccount, now: number): string {
  const iss = `https://login.microsoftonline.com/${realm}/v2.0`
  const times = { iat: now, nbf: now, exp: now + 3600 }
  const who = {
    oid: localAccountId,
    tid: realm,
    sub: `subject of ${localAccountId}`,
    name,
    preferred_username: username,
  }
  return [encode({ alg: 'none', typ: 'JWT' }), encode({ aud: clientId, iss, ...times, ...who, ver: '2.0' }), ''].join(
    '.',
  )
}

let keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined

/** A signed HTTP request with a key of the broker's, as a resource server takes it. */
function signedRequest(at: string, pop: Readonly<Record<string, string>>, ts: number): string {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { kty, n, e } = keys.publicKey.export({ format: 'jwk' })
  const payload = { at, ts, m: pop['httpMethod'], u: pop['uriHost'], p: pop['uriPath'], nonce: pop['nonce'] }
  const signed = [encode({ alg: 'RS256', typ: 'pop' }), encode({ ...payload, cnf: { jwk: { kty, n, e } } })].join('.')
  return `${signed}.${sign('sha256', Buffer.from(signed), keys.privateKey).toString('base64url')}`
}
