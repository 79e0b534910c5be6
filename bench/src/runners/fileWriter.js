// A fresh process that gets tokens, one after the other, and keeps them in a file that others write, too. JavaScript: starting it is
// part of the time.
import process from 'node:process'
import { fileCache, msalFileCache } from '@latchkey/cache-node'
import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
import { answer, clientId, authority } from './tokenOf.js'

const { kind, path, scopes } = JSON.parse(process.argv[2] ?? '')
const client = createConfidentialClient({
  clientId,
  authority,
  credential: clientSecret('secret'),
  cache: kind === 'fileCache' ? fileCache({ path, protection: 'none' }) : msalFileCache({ path }),
  fetch: answer,
})
for (const scope of scopes) await acquireTokenForClient(client, { scopes: [scope] })
process.stdout.write('{"failed":0}')
