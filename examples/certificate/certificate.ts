// A program that proves its identity with a certificate: PEM or PFX, protected by a passphrase or not.
import { certificateFromPem, certificateFromPfx } from '@latchkey/certificates'
import { acquireTokenForClient, createConfidentialClient } from '@latchkey/core'
import { readFile } from 'node:fs/promises'
import process from 'node:process'

const file = await readFile(variable('CERTIFICATE_FILE'))
const options = { passphrase: process.env['CERTIFICATE_PASSPHRASE'] }
const client = createConfidentialClient({
  clientId: variable('CLIENT_ID'),
  authority: variable('AUTHORITY'),
  credential: file.includes('-----BEGIN ')
    ? await certificateFromPem(file.toString(), options)
    : await certificateFromPfx(file, options),
  fetch: showAssertion,
})
const { accessToken, expiresOn } = await acquireTokenForClient(client, { scopes: [variable('SCOPE')] })
console.log(`token good until ${expiresOn.toISOString()}`)

const answer = await fetch(variable('API'), { headers: { authorization: `Bearer ${accessToken}` } })
console.log(`the API answered ${answer.status}`)

/** Sends a request, and prints how its assertion was signed: its header names the key, and is no secret. */
async function showAssertion(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const assertion = new URLSearchParams(String(init?.body ?? '')).get('client_assertion')
  const [header] = assertion?.split('.') ?? []
  if (header) console.log(`assertion header: ${Buffer.from(header, 'base64url').toString()}`)
  return fetch(url, init)
}

function variable(name: string): string {
  return process.env[name] ?? fail(`Cannot start: the variable ${name} is not set`)
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
