import { fileCache, folderCache, msalFileCache } from '@latchkey/cache-node'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it } from 'vitest'
import { expectError } from './fixtures/expectError.js'
import { mountTmpfs, remount } from './fixtures/mountTmpfs.js'
import { temporaryFolder } from './fixtures/temporaryFolder.js'
import { put, tokensIn } from './fixtures/tokens.js'

const posix = process.platform !== 'win32'
const isRoot = process.getuid?.() === 0
const protection = 'none'

describe.skipIf(!posix)('a file that is not safe is refused, and left alone', () => {
  /** Whatever the kind of cache, whatever is done. */
  const refused = async (path: string, message: RegExp): Promise<void> => {
    for (const store of [fileCache({ path, protection }), msalFileCache({ path })]) {
      await expectError(() => store.get('a'), 'cache_corrupt', 'untrusted_file', message)
      await expectError(() => put(store, 'two'), 'cache_corrupt', 'untrusted_file', message)
    }
  }
  const cacheIn = async (folder: string): Promise<string> => {
    const path = join(folder, 'tokens')
    await put(fileCache({ path, protection }), 'one')
    return path
  }

  it.each([0o644, 0o640, 0o604, 0o620, 0o602])('with mode %o', async (mode) => {
    const path = await cacheIn(temporaryFolder())
    chmodSync(path, mode)
    await refused(path, /other users may open it; if nobody did, run "chmod 600"/)
    expect(await tokensIn(fileCache({ path, protection, allowUntrustedFile: true }))).toEqual(['one'])
    await put(msalFileCache({ path, allowUntrustedFile: true }), 'two')
    expect(statSync(path).mode & 0o777).toBe(mode)
    chmodSync(path, 0o600)
    expect(await tokensIn(fileCache({ path, protection }))).toEqual(['one', 'two'])
  })

  it('after its mode was changed while it was in use', async () => {
    const path = await cacheIn(temporaryFolder())
    const store = fileCache({ path, protection })
    expect(await tokensIn(store)).toEqual(['one'])
    chmodSync(path, 0o644)
    await expectError(() => store.get('a'), 'cache_corrupt', 'untrusted_file')
  })

  it('that is a symbolic link', async () => {
    const folder = temporaryFolder()
    const target = await cacheIn(folder)
    const path = join(folder, 'link')
    symlinkSync(target, path)
    await refused(path, /it is a symbolic link; remove it, or pass allowUntrustedFile/)
    await put(fileCache({ path, protection, allowUntrustedFile: true }), 'two')
    expect(readlinkSync(path)).toBe(target)
    expect(await tokensIn(fileCache({ path: target, protection }))).toEqual(['one', 'two'])
  })

  it('that is a link to nowhere, which is not made there', async () => {
    const folder = temporaryFolder()
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    await refused(join(folder, 'link'), /it is a symbolic link/)
    expect(readdirSync(folder)).toEqual(['link'])
  })

  it.skipIf(!isRoot)('that belongs to another user', async () => {
    const path = await cacheIn(temporaryFolder())
    chownSync(path, 65_534, 65_534)
    await refused(path, /it belongs to another user/)
    expect(await tokensIn(fileCache({ path, protection, allowUntrustedFile: true }))).toEqual(['one'])
  })

  it('that is a pipe, without waiting for a writer', async () => {
    const path = join(temporaryFolder(), 'tokens')
    expect(spawnSync('mkfifo', ['-m', '600', path]).status).toBe(0)
    await refused(path, /it is not a file/)
  })

  it('in a folder: that one only', async () => {
    const path = join(temporaryFolder(), 'folder')
    const store = folderCache({ path, protection })
    await put(store, 'one', 'a')
    const [file] = readdirSync(path)
    await put(store, 'two', 'b')
    renameSync(join(path, file!), join(path, 'moved'))
    symlinkSync(join(path, 'moved'), join(path, file!))
    const other = folderCache({ path, protection })
    await expectError(() => other.get('a'), 'cache_corrupt', 'untrusted_file')
    expect(await tokensIn(other, 'b')).toEqual(['two'])
  })

  it('but where the name has a second link, the other name keeps the old content', async () => {
    const folder = temporaryFolder()
    const path = await cacheIn(folder)
    linkSync(path, join(folder, 'other'))
    const before = readFileSync(path)
    await put(fileCache({ path, protection }), 'two')
    expect(readFileSync(join(folder, 'other'))).toEqual(before)
  })

  it('and what lies in wait under the name of a temporary file cannot be guessed', async () => {
    const folder = temporaryFolder()
    const path = await cacheIn(folder)
    // Names of every write differ, and are made with O_EXCL: a link that is there is not followed.
    symlinkSync(join(folder, 'precious'), `${path}.tmp`)
    symlinkSync(join(folder, 'precious'), `${path}.lockfile.tmp`)
    await put(fileCache({ path, protection }), 'two')
    expect(readdirSync(folder).sort()).toEqual(['tokens', 'tokens.lockfile.tmp', 'tokens.tmp'])
  })
})

describe('a disk that is full', () => {
  it('is said to be, keeps the old file and goes on when there is room', async (context) => {
    const folder = mountTmpfs(context, 'size=256k,mode=700')
    const path = join(folder, 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(150_000))
    const before = readFileSync(path)
    const large = 'x'.repeat(100_000)
    await expectError(() => put(store, large), 'cache_locked', 'file_unwritable', /the disk is full; make room/)
    expect(readFileSync(path)).toEqual(before)
    expect(await tokensIn(store)).toEqual(['one'])
    expect(readdirSync(folder).sort()).toEqual(['ballast', 'tokens'])
    const many = Array.from({ length: 20 }, async (_, index) => put(store, `${large}${index}`))
    const results = await Promise.allSettled(many)
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']))
    writeFileSync(join(folder, 'ballast'), '')
    await put(store, 'two')
    expect(await tokensIn(fileCache({ path, protection }))).toEqual(['one', 'two'])
  })

  it('to the last byte, where not even a lock can be made', async (context) => {
    const folder = mountTmpfs(context, 'size=64k,mode=700')
    const path = join(folder, 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    let filled = 0
    try {
      for (;;) writeFileSync(join(folder, `ballast${filled++}`), Buffer.alloc(4096))
    } catch {
      // It is full now.
    }
    await expectError(() => put(store, 'two'), 'cache_locked', 'file_unwritable', /the disk is full/)
    expect(await tokensIn(fileCache({ path, protection }))).toEqual(['one'])
    expect(readdirSync(folder).filter((name) => name.startsWith('tokens'))).toEqual(['tokens'])
  })
})

describe('a folder that cannot be written', () => {
  it('can be read; writing says why it fails', async (context) => {
    const folder = mountTmpfs(context, 'size=256k,mode=700')
    const path = join(folder, 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    remount(folder, 'ro')
    for (const reader of [store, fileCache({ path, protection })]) {
      expect(await tokensIn(reader)).toEqual(['one'])
      await expectError(() => put(reader, 'two'), 'cache_locked', 'file_unwritable', /read-only; choose another path/)
    }
    remount(folder, 'rw')
    await put(store, 'two')
    expect(await tokensIn(store)).toEqual(['one', 'two'])
  })

  it('with a damaged file in it: the damage is said, the file stays', async (context) => {
    const folder = mountTmpfs(context, 'size=256k,mode=700')
    const path = join(folder, 'tokens')
    writeFileSync(path, 'garbage', { mode: 0o600 })
    remount(folder, 'ro')
    const store = fileCache({ path, protection })
    await expectError(() => store.get('a'), 'cache_corrupt', 'damaged', /cannot be moved aside.*read-only/)
    await expectError(() => put(store, 'one'), 'cache_locked', 'file_unwritable')
    expect(readFileSync(path, 'utf8')).toBe('garbage')
  })

  it.skipIf(!posix || isRoot)('by its permissions', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens')
    const store = fileCache({ path, protection })
    await put(store, 'one')
    chmodSync(folder, 0o500)
    expect(await tokensIn(store)).toEqual(['one'])
    await expectError(() => put(store, 'two'), 'cache_locked', 'file_unwritable', /check the permissions/)
    chmodSync(folder, 0o700)
  })
})
