// A command-line program: each run is a process of its own, and all of them share one encrypted file of tokens.
import { fileCache, verifyPersistence } from '@latchkey/cache-node'
import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
import process from 'node:process'

const { CACHE_FILE: path, CACHE_KEY_FILE: keyFile } = process.env
// Over SSH, in a container or in CI there is no vault: a file that only this user can open keeps the key.
const cache = fileCache({ path, protection: keyFile ? { key: { file: keyFile } } : 'os' })

const report = await verifyPersistence(cache)
if (report.error) fail(report.error.message)
console.log(`tokens are in ${report.path}, protected by: ${report.protection}`)

const client = createConfidentialClient({
  clientId: variable('CLIENT_ID'),
  authority: variable('AUTHORITY'),
  credential: clientSecret(variable('CLIENT_SECRET')),
  cache,
})
const { source, expiresOn } = await acquireTokenForClient(client, { scopes: [variable('SCOPE')] })
console.log(`token from ${source}, good until ${expiresOn.toISOString()}`)

function variable(name: string): string {
  return process.env[name] ?? fail(`Cannot start: the variable ${name} is not set`)
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
