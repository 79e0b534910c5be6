import { base64url, decodeJwt } from 'jose'
import type { Emulator, Person } from '@latchkey/emulator'

export const host = 'https://login.microsoftonline.com'
export const verifier = 'rNz2sSFm13UdQ.LDelHjCnWvtXg8cf0phouVKyT6ZMY'
/** SHA-256 of the verifier. */
export const challenge = 'p8DgGwRDSXDxM3wquRbYRdPrPqCvy5xmofB3dmPchkc'
export const redirectUri = 'http://localhost:3456'

type Fields = Readonly<Record<string, string | undefined>>

export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly client_info: string
  readonly scope: string
  readonly [name: string]: unknown
}

/** The authorization URL of the default public client; a field of value undefined is left out. */
export function authUri(
  emulator: Emulator,
  fields: Fields = {},
  { path = emulator.defaults.tenantId, origin = host } = {},
): string {
  const query = defined({
    client_id: emulator.defaults.publicClientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'User.Read openid profile offline_access',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    client_info: '1',
    ...fields,
  })
  return `${origin}/${path}/oauth2/v2.0/authorize?${query}`
}

/** Posts to the token endpoint. */
export async function post(
  emulator: Emulator,
  fields: Fields,
  { path = emulator.defaults.tenantId, origin = host, endpoint = 'token', headers = {} } = {},
): Promise<{ readonly status: number; readonly body: Tokens }> {
  const url = `${origin}/${path}/oauth2/v2.0/${endpoint}`
  const response = await emulator.fetch(url, {
    method: 'POST',
    headers,
    body: defined({ client_id: emulator.defaults.publicClientId, client_info: '1', ...fields }),
  })
  return { status: response.status, body: (await response.json()) as Tokens }
}

/** Redeems a code. */
export function redeem(emulator: Emulator, code: string | undefined, fields: Fields = {}, options = {}) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...fields }
  return post(emulator, form, options)
}

/** Signs a user in and gets the tokens. */
export async function signInForTokens(
  emulator: Emulator,
  person: Partial<Person> = {},
  fields: Fields = {},
): Promise<Tokens> {
  const uri = authUri(emulator, fields)
  const { response } = await emulator.signIn(uri, { username: emulator.defaults.username, ...person })
  const { status, body } = await redeem(emulator, response.code)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

export function claimsOf(token: string): Record<string, unknown> {
  return decodeJwt(token)
}

export function fromClientInfo(text: string): unknown {
  return JSON.parse(new TextDecoder().decode(base64url.decode(text)))
}

function defined(fields: Fields): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
