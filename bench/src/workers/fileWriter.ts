// A fresh process that keeps tokens in a cache which others write, too.
import process from 'node:process'
import { fileCache, msalFileCache } from '@latchkey/cache-node'

/** What to do. */
export interface FileWriterTask {
  readonly kind: 'fileCache' | 'msalFileCache'
  readonly path: string
  readonly tokens: readonly string[]
}

const { kind, path, tokens } = JSON.parse(process.argv[2] ?? '') as FileWriterTask
const store = kind === 'fileCache' ? fileCache({ path, protection: 'none' }) : msalFileCache({ path })
for (const token of tokens)
  await store.update('', (document = {}) => {
    ;(document.AccessToken ??= {})[token] = { credential_type: 'AccessToken', secret: token.padEnd(1536, 'x') }
    return document
  })
process.stdout.write('{}')
