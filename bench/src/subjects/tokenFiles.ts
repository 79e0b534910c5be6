import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node'
import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import type { CacheDocument, CacheEntity, CacheStore } from '@latchkey/core'
import { msalCache } from './msalCache.ts'
import { clientId, entriesOf } from './subject.ts'

/** A cache on the disk. */
export interface TokenFile {
  /** Puts the first tokens in. */
  fill(count: number): Promise<void>
  /** Keeps one more token. */
  add(index: number): Promise<void>
  /** Reads a token that is there. */
  read(index: number): unknown
}

/** Caches on the disk. */
export const tokenFiles = [
  'fileCache, plain',
  'fileCache, key',
  'msalFileCache',
  'folderCache, plain',
  'folderCache, key',
  'msal-node, file plugin',
] as const

/** One of them. */
export type TokenFileName = (typeof tokenFiles)[number]

/**
 * Makes an empty cache.
 *
 * @param name Which.
 * @param folder Where, for it alone.
 * @param count How many tokens it will be asked to keep at most.
 * @returns The cache.
 */
export function openTokenFile(name: TokenFileName, folder: string, count: number): TokenFile {
  const path = join(folder, 'tokens')
  const key = new Uint8Array(32)
  const entries = tokens(count)
  if (name === 'fileCache, plain') return together(fileCache({ path, protection: 'none' }), entries)
  if (name === 'fileCache, key') return together(fileCache({ path, protection: { key } }), entries)
  if (name === 'msalFileCache') return together(msalFileCache({ path }), entries)
  if (name === 'folderCache, plain') return apart(folderCache({ path, protection: 'none' }), entries)
  if (name === 'folderCache, key') return apart(folderCache({ path, protection: { key } }), entries)
  return msalNodeFile(path, count)
}

/**
 * Makes what a cache is measured by: a file of the same content, or a file per token, that is written aside, on the disk, put in place.
 *
 * @param name The cache.
 * @param folder Where, for it alone.
 * @param count How many tokens it will be asked to keep at most.
 * @returns The floor.
 */
export function tokenFileFloor(name: TokenFileName, folder: string, count: number): TokenFile {
  const path = join(folder, 'tokens')
  return (name.startsWith('folderCache') ? smallFloor : floor)(path, tokens(count))
}

type Entries = readonly [string, CacheEntity][]

function tokens(count: number): Entries {
  return Object.entries((JSON.parse(msalCache(entriesOf('scopes', count))) as CacheDocument).AccessToken!)
}

function together(store: CacheStore, entries: Entries): TokenFile {
  return {
    fill: async (count) => store.update('', () => ({ AccessToken: Object.fromEntries(entries.slice(0, count)) })),
    add: async (index) =>
      store.update('', (document = {}) => {
        const [key, entity] = entries[index]!
        ;(document.AccessToken ??= {})[key] = entity
        return document
      }),
    read: () => store.get(''),
  }
}

/** A partition for each token, as a service with many tenants has them. */
function apart(store: CacheStore, entries: Entries): TokenFile {
  const add = async (index: number): Promise<void> =>
    store.update(`tenant-${index}`, () => ({ AccessToken: Object.fromEntries([entries[index]!]) }))
  return {
    add,
    read: (index) => store.get(`tenant-${index}`),
    async fill(count) {
      for (let index = 0; index < count; index += 50)
        await Promise.all(Array.from({ length: Math.min(50, count - index) }, (_, n) => add(index + n)))
    },
  }
}

/** As MSAL Node's documentation has it: the file is read before each call, and written in place after a change. No lock. */
function msalNodeFile(path: string, count: number): TokenFile {
  const cachePlugin: ICachePlugin = {
    async beforeCacheAccess({ tokenCache }) {
      tokenCache.deserialize(readFileSync(path, 'utf8'))
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }) {
      if (cacheHasChanged) writeFileSync(path, tokenCache.serialize())
    },
  }
  const entries = entriesOf('scopes', count)
  const app = new ConfidentialClientApplication({
    auth: { clientId, authority: `https://login.microsoftonline.com/${entries[0]!.tenant}`, clientSecret: 'secret' },
    cache: { cachePlugin },
  })
  return {
    fill: async (count) => writeFileSync(path, msalCache(entriesOf('scopes', count))),
    async add(index) {
      const found = await app.acquireTokenByClientCredential({ scopes: [entries[index]!.scope] })
      if (found?.fromCache !== false) throw new Error('msal-node has made no request')
    },
    async read(index) {
      const found = await app.acquireTokenByClientCredential({ scopes: [entries[index]!.scope] })
      if (!found?.fromCache) throw new Error('msal-node has made a request')
    },
  }
}

function floor(path: string, entries: Entries): TokenFile {
  let document: CacheDocument = {}
  const write = (): void => replace(path, JSON.stringify(document))
  return {
    async fill(count) {
      document = { AccessToken: Object.fromEntries(entries.slice(0, count)) }
      write()
    },
    async add(index) {
      document.AccessToken![entries[index]![0]] = entries[index]![1]
      write()
    },
    read: () => lstatSync(path),
  }
}

function smallFloor(path: string, entries: Entries): TokenFile {
  mkdirSync(path)
  const add = async (index: number): Promise<void> => {
    const cache = { AccessToken: Object.fromEntries([entries[index]!]) }
    replace(join(path, `${index}`), JSON.stringify({ partition: `tenant-${index}`, cache }))
  }
  return {
    add,
    read: (index) => lstatSync(join(path, `${index}`)),
    async fill(count) {
      for (let index = 0; index < count; index++) await add(index)
    },
  }
}

function replace(path: string, text: string): void {
  const file = openSync(`${path}.tmp`, 'wx', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.tmp`, path)
}
