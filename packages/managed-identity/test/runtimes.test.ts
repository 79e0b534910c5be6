import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createCertificate, createEmulator, managedIdentityEnvironment, serve } from '@latchkey/emulator'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Skipped } from '../../../tools/outcome.ts'
import { findDeno } from '../../../tools/portable/deno.ts'
import { folderOf } from '../../../tools/portable/folderOf.ts'
import { findNode20 } from '../../../tools/portable/node20.ts'

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-identity-'))
  await build({
    entryPoints: [fileURLToPath(new URL('fixtures/program.ts', import.meta.url))],
    alias: {
      '@latchkey/core/internal': source('core/src/internal.ts'),
      '@latchkey/core': source('core/src/index.ts'),
      '@latchkey/managed-identity': source('managed-identity/src/index.ts'),
    },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'program.mjs'), logLevel: 'silent' },
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const runtimes: [name: string, find: () => string | Promise<string>, args: string[]][] = [
  ['Node 24', () => process.execPath, []],
  ['Node 20', findNode20, []],
  ['Deno', findDeno, ['run', '--no-prompt', '--no-config', '--no-lock', '--allow-net', '--allow-env', '--allow-read']],
  ['Bun', () => join(folderOf('bun'), 'bin/bun.exe'), ['--no-install']],
]

test.for(runtimes)('files and pinned certificates in %s', { timeout: 120_000 }, async ([name, find, args], context) => {
  let file: string
  try {
    file = await find()
  } catch (error) {
    if (!(error instanceof Skipped)) throw error
    console.log(`skipped, no ${name} here: ${error.message}`)
    return context.skip(error.message)
  }
  const keys = '/var/opt/azcmagent/tokens'
  const emulator = createEmulator({ writeArcKey: (path, key) => writeFile(path.replace(keys, folder), key) })
  const [certificate, other] = await Promise.all([createCertificate('localhost'), createCertificate('localhost')])
  const [plain, secure] = await Promise.all([serve(emulator), serve(emulator, { tls: certificate })])
  const fabric = ({ thumbprint }: typeof certificate) =>
    managedIdentityEnvironment('serviceFabric', { url: secure.url, thumbprint })
  await writeFile(join(folder, 'token'), 'a.b.c\n')
  await writeFile(join(folder, 'large.key'), 'x'.repeat(101))
  await symlink(join(folder, 'token'), join(folder, 'link.key')).catch(() => {})
  const gone = await serve(emulator)
  await gone.close()
  const given = {
    ...{ fabric: fabric(certificate), otherFabric: fabric(other), folder },
    arc: managedIdentityEnvironment('arc', { url: plain.url }),
    gone: managedIdentityEnvironment('imds', { url: gone.url }),
  }
  try {
    const env = { ...process.env, NO_COLOR: '1', GIVEN: JSON.stringify(given) }
    const { stdout, stderr } = await promisify(execFile)(file, [...args, join(folder, 'program.mjs')], { env })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      ...{ fabric: '3 parts', otherFabric: 'managed_identity_error', arc: '3 parts' },
      ...{ gone: 'managed_identity_unavailable', own: false, link: 'refused', workload: 'a.b.c' },
      large: 'it is larger than 100 bytes',
    })
  } finally {
    await Promise.all([plain.close(), secure.close()])
  }
})
