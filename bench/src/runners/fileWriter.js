// A fresh process that keeps tokens in a cache which others write, too. JavaScript: starting it is part of the time.
import process from 'node:process'
import { fileCache, msalFileCache } from '@latchkey/cache-node'

const { kind, path, tokens } = JSON.parse(process.argv[2] ?? '')
const store = kind === 'fileCache' ? fileCache({ path, protection: 'none' }) : msalFileCache({ path })
for (const token of tokens)
  await store.update('', (document = {}) => {
    ;(document.AccessToken ??= {})[token] = { credential_type: 'AccessToken', secret: token.padEnd(1536, 'x') }
    return document
  })
process.stdout.write('{}')
