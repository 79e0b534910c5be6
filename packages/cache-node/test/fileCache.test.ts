import { fileCache, folderCache, type CacheProtection } from '@latchkey/cache-node'
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it, test } from 'vitest'
import { dataFolder } from '../src/dataFolder.js'
import { thisMachine } from '../src/machine.js'
import { expectError } from './fixtures/expectError.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const posix = process.platform !== 'win32'

describe('where it is', () => {
  const on = (platform: NodeJS.Platform, env: Record<string, string>) => dataFolder(thisMachine({ platform, env }))

  it.each([
    ['linux', { HOME: '/h' }, '/h/.local/share/latchkey'],
    ['linux', { HOME: '/h', XDG_DATA_HOME: '/data' }, '/data/latchkey'],
    ['linux', { HOME: '/h', XDG_DATA_HOME: 'relative' }, '/h/.local/share/latchkey'],
    ['freebsd', { HOME: '/h' }, '/h/.local/share/latchkey'],
    ['darwin', { HOME: '/h' }, '/h/Library/Application Support/latchkey'],
    ['win32', { LOCALAPPDATA: 'C:\\l' }, 'C:\\l\\latchkey'],
    ['win32', { USERPROFILE: 'C:\\u' }, 'C:\\u\\AppData\\Local\\latchkey'],
  ] as const)('on %s with %j: %s', (platform, env, expected) => {
    expect(on(platform, env)).toBe(expected)
  })

  it('without any variable: in the home folder that the system knows', () => {
    expect(on('linux', {})).toBe(`${homedir()}/.local/share/latchkey`)
  })

  it.skipIf(!posix)('by default: in that folder, which only this user can open', async () => {
    const folder = temporaryFolder()
    const store = fileCache({ protection: 'none', env: { XDG_DATA_HOME: join(folder, 'data') } })
    expect(await store.get('a')).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
    await put(store, 'one')
    expect(readdirSync(join(folder, 'data', 'latchkey'))).toEqual(['tokens.cache'])
    expect(mode(join(folder, 'data', 'latchkey', 'tokens.cache'))).toBe('600')
    expect(mode(join(folder, 'data', 'latchkey'))).toBe('700')
  })

  it('stays there when the working folder changes', async () => {
    const [folder, before] = [temporaryFolder(), process.cwd()]
    const place = (folder: string): string => join(folder, 'tokens')
    process.chdir(folder)
    try {
      const store = fileCache({ path: 'tokens', protection: 'none' })
      process.chdir(before)
      await put(store, 'one')
    } finally {
      process.chdir(before)
    }
    expect(existsSync(place(folder))).toBe(true)
  })
})

describe('protection none', () => {
  it('writes what MSAL Python would', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: 'none' }), 'one')
    expect(readFileSync(path, 'utf8')).toBe(
      `{\n    "AccessToken": {\n        "one": {\n            "secret": "secret of one"\n        }\n    }\n}`,
    )
    if (posix) expect(mode(path)).toBe('600')
  })

  it('removes the file when nothing is left', async () => {
    const folder = temporaryFolder()
    const store = fileCache({ path: join(folder, 'tokens'), protection: 'none' })
    await put(store, 'one')
    await store.update('a', () => undefined)
    expect(readdirSync(folder)).toEqual([])
  })

  it('writes nothing when nothing changed', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const store = fileCache({ path, protection: 'none' })
    await put(store, 'one')
    const { ino, mtimeNs } = statSync(path, { bigint: true })
    await store.update('a', (document) => document)
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs })
  })
})

describe('protection by a key', () => {
  const key = randomBytes(32)

  it('is a documented format: header, key id, nonce, AES-256-GCM', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const id = createHash('sha256').update('latchkey cache key id\0').update(key).digest().subarray(0, 8)
    const header = Buffer.concat([Buffer.from('LATCHKEY'), Buffer.of(1), id])
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header)
    const text = cipher.update('{"AccessToken":{"one":{"secret":"s"}}}')
    writeFileSync(path, Buffer.concat([header, nonce, text, cipher.final(), cipher.getAuthTag()]), { mode: 0o600 })
    expect(await fileCache({ path, protection: { key } }).get('a')).toEqual({ AccessToken: { one: { secret: 's' } } })
  })

  it('shows nothing of the tokens, and no two files are alike', async () => {
    const folder = temporaryFolder()
    const files = ['a', 'b'].map((name) => join(folder, name))
    for (const path of files) await put(fileCache({ path, protection: { key } }), 'one')
    const [a, b] = files.map((path) => readFileSync(path))
    expect(a!.includes('secret')).toBe(false)
    expect(a!.subarray(0, 17)).toEqual(b!.subarray(0, 17))
    expect(a!.subarray(17)).not.toEqual(b!.subarray(17))
    if (posix) expect(files.map(mode)).toEqual(['600', '600'])
  })

  it('takes the key from a variable, as base64, base64url or hex', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: { key } }), 'one')
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const env = { CACHE_KEY: ` ${key.toString(encoding)}\n` }
      expect(await tokensIn(fileCache({ path, protection: { key: { env: 'CACHE_KEY' } }, env }))).toEqual(['one'])
    }
  })

  it('takes the key from a file: as bytes, base64 or hex', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    await put(fileCache({ path, protection: { key } }), 'one')
    for (const [index, content] of [key, key.toString('base64'), `${key.toString('hex')}\n`].entries()) {
      const file = join(folder, `key-${index}`)
      writeFileSync(file, content, { mode: 0o600 })
      expect(await tokensIn(fileCache({ path, protection: { key: { file } } }))).toEqual(['one'])
    }
  })

  it('makes the key file where neither it nor a cache is there, once for many', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'keys', 'key')
    const paths = Array.from({ length: 8 }, (_, index) => join(folder, `tokens-${index}`))
    const stores = paths.map((path) => fileCache({ path, protection: { key: { file } } }))
    await Promise.all(stores.map(async (store) => put(store, 'one')))
    if (posix) expect(mode(file)).toBe('600')
    expect(readdirSync(join(folder, 'keys'))).toEqual(['key'])
    for (const path of paths)
      expect(await tokensIn(fileCache({ path, protection: { key: { file } } }))).toEqual(['one'])
  })

  it('asks a function once, and again after it failed', async () => {
    const path = join(temporaryFolder(), 'tokens')
    let asked = 0
    const ask = (): Uint8Array => {
      if (++asked === 1) throw new Error('the service is down')
      return key
    }
    const store = fileCache({ path, protection: { key: ask } })
    await expectError(() => put(store, 'one'), 'cache_locked', 'key_unreadable')
    await put(store, 'one')
    await put(store, 'two')
    expect(await tokensIn(store)).toEqual(['one', 'two'])
    expect(asked).toBe(2)
  })

  it('keeps its own copy of the bytes', async () => {
    const path = join(temporaryFolder(), 'tokens')
    const bytes = Buffer.from(key)
    const store = fileCache({ path, protection: { key: bytes } })
    bytes.fill(0)
    await put(store, 'one')
    expect(await tokensIn(fileCache({ path, protection: { key } }))).toEqual(['one'])
  })
})

describe('a key that is not to be had is one error, a wrong one another; the file stays as it is', () => {
  const key = randomBytes(32)
  const sealed = async (): Promise<string> => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: { key } }), 'one')
    return path
  }
  const cases: [string, (path: string) => CacheProtection, 'missing_dependency' | 'cache_locked', string, RegExp][] = [
    ['no variable', () => ({ key: { env: 'NO_KEY' } }), 'missing_dependency', 'key_missing', /NO_KEY is not set/],
    [
      'a short variable',
      () => ({ key: { env: 'SHORT' } }),
      'cache_locked',
      'key_unreadable',
      /SHORT does not hold 32 bytes/,
    ],
    [
      'no file',
      (path) => ({ key: { file: `${path}.key` } }),
      'missing_dependency',
      'key_missing',
      /there is no .*tokens\.key; bring it back/,
    ],
    [
      'a file that is none',
      (path) => ({ key: { file: path } }),
      'cache_locked',
      'key_unreadable',
      /does not hold 32 bytes/,
    ],
    [
      'nothing from a function',
      () => ({ key: () => undefined as never }),
      'missing_dependency',
      'key_missing',
      /returned nothing/,
    ],
    [
      'another key',
      () => ({ key: randomBytes(32) }),
      'missing_dependency',
      'key_missing',
      /encrypted with another key \([0-9a-f]{16}\)/,
    ],
    ['protection none', () => 'none', 'missing_dependency', 'key_missing', /it is encrypted; give the protection/],
  ]
  it.each(cases)('%s', async (_name, protection, code, suberror, message) => {
    const path = await sealed()
    const before = readFileSync(path)
    const env = { SHORT: Buffer.alloc(31).toString('base64') }
    const store = fileCache({ path, protection: protection(path), env })
    for (const operation of [() => store.get('a'), () => put(store, 'two')])
      await expectError(operation, code, suberror, message)
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(join(path, '..'))).toEqual(['tokens'])
    expect(await tokensIn(fileCache({ path, protection: { key } }))).toEqual(['one'])
  })

  it.skipIf(!posix)('a key file that others can open', async () => {
    const path = await sealed()
    writeFileSync(`${path}.key`, key)
    chmodSync(`${path}.key`, 0o640)
    const store = fileCache({ path, protection: { key: { file: `${path}.key` } } })
    await expectError(() => store.get('a'), 'cache_locked', 'key_unreadable', /other users may open it/)
  })

  it('a plain file where an encrypted one is asked for', async () => {
    const path = join(temporaryFolder(), 'tokens')
    await put(fileCache({ path, protection: 'none' }), 'one')
    const store = fileCache({ path, protection: { key } })
    await expectError(() => store.get('a'), 'cache_corrupt', 'not_encrypted', /it is not encrypted; remove it/)
    await expectError(() => put(store, 'two'), 'cache_corrupt', 'not_encrypted')
    expect(await tokensIn(fileCache({ path, protection: 'none' }))).toEqual(['one'])
  })

  it('a file of a newer version', async () => {
    const path = await sealed()
    const bytes = readFileSync(path)
    bytes[8] = 2
    writeFileSync(path, bytes)
    const store = fileCache({ path, protection: { key } })
    await expectError(() => store.get('a'), 'cache_corrupt', 'too_new', /newer version/)
    await expectError(() => put(store, 'two'), 'cache_corrupt', 'too_new')
    expect(readFileSync(path)).toEqual(bytes)
  })
})

describe('wrong arguments are TypeErrors, at once', () => {
  test.each([
    [undefined],
    [null],
    [{}],
    [{ protection: 'plain' }],
    [{ protection: null }],
    [{ protection: {} }],
    [{ protection: { key: 'a text' } }],
    [{ protection: { key: randomBytes(16) } }],
    [{ protection: { key: { env: '' } } }],
    [{ protection: { key: { file: 7 } } }],
    [{ protection: 'none', path: '' }],
    [{ protection: 'none', path: 'a\0b' }],
    [{ protection: 'none', path: 7 }],
    [{ protection: 'none', lockTimeout: -1 }],
    [{ protection: 'none', lockTimeout: '1' }],
    [{ protection: 'none', allowUntrustedFile: 'yes' }],
    [{ protection: 'none', onCorrupt: true }],
    [{ protection: 'none', env: 7 }],
    [{ protection: 'none', now: 7 }],
  ])('%j', (options) => {
    expect(() => fileCache(options as never)).toThrow(TypeError)
    expect(() => folderCache({ path: 'folder', ...(options as object) } as never)).toThrow(TypeError)
  })

  it('partition and next, as rejections or at once', async () => {
    const store = fileCache({ path: join(temporaryFolder(), 'tokens'), protection: 'none' })
    expect(() => store.get(7 as never)).toThrow(TypeError)
    await expect(store.update('a', undefined as never)).rejects.toThrow(TypeError)
    await expect(store.update(7 as never, (document) => document)).rejects.toThrow(TypeError)
    for (const document of [7, null, [], 'text'])
      await expect(store.update('a', () => document as never)).rejects.toThrow(TypeError)
    expect(await store.get('a')).toBeUndefined()
  })

  it('folderCache needs a path', () => {
    expect(() => folderCache({ protection: 'none' } as never)).toThrow(TypeError)
  })
})

it('a folder in the file’s place, and a file in the folder’s, say so', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'tokens'))
  const store = fileCache({ path: join(folder, 'tokens'), protection: 'none' })
  await expectError(() => store.get('a'), 'cache_corrupt', 'untrusted_file', /it is not a file/)
  writeFileSync(join(folder, 'file'), '')
  const inFile = fileCache({ path: join(folder, 'file', 'tokens'), protection: 'none' })
  await expectError(() => put(inFile, 'one'), 'cache_locked', 'file_unwritable', /a part of the path is a file/)
})
