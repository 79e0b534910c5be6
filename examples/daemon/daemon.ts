// A program that a timer starts again and again: its tokens are in a file, so that most runs ask nobody.
import { acquireTokenForClient, clientSecret, createConfidentialClient, serializableCache } from '@latchkey/core'
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'

const path = variable('CACHE_FILE')
const cache = serializableCache(await read(path))
const client = createConfidentialClient({
  clientId: variable('CLIENT_ID'),
  authority: variable('AUTHORITY'),
  credential: clientSecret(variable('CLIENT_SECRET')),
  cache,
})
const { accessToken, source, expiresOn } = await acquireTokenForClient(client, { scopes: [variable('SCOPE')] })
if (cache.hasStateChanged) await write(path, cache.serialize())
console.log(`token from ${source}, good until ${expiresOn.toISOString()}`)

const answer = await fetch(variable('API'), { headers: { authorization: `Bearer ${accessToken}` } })
console.log(`the API answered ${answer.status}`)

function variable(name: string): string {
  return process.env[name] ?? fail(`Cannot start: the variable ${name} is not set`)
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Whoever reads the file reads the old one or the new one, and nobody but this user reads it. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}
