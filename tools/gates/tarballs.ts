import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { npmCommand } from '../npmPackages.mjs'
import { findNode20 } from '../portable/node20.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'
import type { Gate, GateCheck } from './gate.ts'
import { type Package, publishable } from './publishable.ts'

/** What is published is looked at and used as published: packed, and installed in an empty folder. */
export const tarballs: Gate = {
  name: 'tarballs',
  checks() {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-tarballs-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    const packages = publishable()
    return [
      ...packages.flatMap((pkg) => checksOf(pkg, folder)),
      ...checksTogether(join(folder, 'empty'), packages, folder),
    ]
  },
}

function checksOf({ name, folder }: Package, target: string): GateCheck[] {
  const tarball = tarballOf(name, target)
  return [
    { name: `${name} packs what it should`, run: () => pack(folder, tarball) },
    { name: `${name} passes publint`, run: () => lint(tarball) },
    {
      name: `${name} passes "are the types wrong"`,
      run: () =>
        must('pnpm', [
          'exec',
          'attw',
          tarball,
          '--profile',
          'esm-only',
          '--format',
          'ascii',
          '--no-emoji',
          '--no-color',
        ]),
    },
  ]
}

const tarballOf = (name: string, folder: string): string =>
  join(folder, `${name.replace(/^@/, '').replace('/', '-')}.tgz`)

async function pack(folder: string, tarball: string): Promise<void> {
  await must('pnpm', ['pack', '--out', tarball], folder)
  const files = (await must('tar', ['-tzf', tarball]))
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
  const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
  const missing = needed.filter((path) => !files.includes(path))
  const { files: named } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { files: string[] }
  const extra = files.filter(
    (path) => ![...needed, ...named].includes(path) && !/^dist\/.*\.(js|js\.map|d\.ts)$/.test(path),
  )
  if (missing.length > 0) throw new Error(`not in the tarball: ${missing.join(', ')}`)
  if (extra.length > 0) throw new Error(`in the tarball, and should not be: ${extra.join(', ')}`)
}

async function lint(path: string): Promise<void> {
  const bytes = readFileSync(path)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  if (messages.length > 0)
    throw new Error(messages.map((message) => formatMessage(message, pkg, { color: false })).join('\n'))
}

/** The consumer that is in `environments/consumer`, with nothing around it. */
function checksTogether(empty: string, packages: Package[], folder: string): GateCheck[] {
  const expected = {
    types: ['Bearer', 'Bearer'],
    sources: ['identity_provider', 'cache'],
    ...{ same: true, parts: 3, error: 'invalid_client', tokenRequests: 2 },
  }
  const firstToken = async (node: string): Promise<void> => {
    const output = await must(node, ['firstToken.mjs'], empty)
    if (output.trim() !== JSON.stringify(expected))
      throw new Error(`expected ${JSON.stringify(expected)}\ngot      ${output}`)
  }
  const compile = (...flags: string[]): Promise<string> => {
    const compiler = join(root, 'node_modules/@typescript/native/bin/tsc')
    return must(process.execPath, [compiler, '-p', empty, ...flags])
  }
  return [
    { name: 'install with npm in an empty folder', run: () => install(empty, packages, folder) },
    { name: 'give a first token on Node 24', run: () => firstToken(process.execPath) },
    { name: 'give a first token on Node 20', run: async () => firstToken(await findNode20()) },
    { name: 'compile in a consumer, misuse does not (nodenext)', run: () => compile() },
    {
      name: 'compile in a consumer, misuse does not (bundler)',
      run: () => compile('--module', 'esnext', '--moduleResolution', 'bundler'),
    },
  ]
}

async function install(empty: string, packages: Package[], folder: string): Promise<void> {
  mkdirSync(empty)
  for (const file of globSync(join(root, 'environments/consumer/*'))) copyFileSync(file, join(empty, basename(file)))
  const dependencies = Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballOf(name, folder)}`]))
  writeFileSync(join(empty, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const [npm, ...first] = npmCommand()
  await must(npm, [...first, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'], empty)
}

async function must(command: string, args: string[], cwd = root): Promise<string> {
  const { code, output } = await run(command, args, { cwd, capture: true, timeout: 180_000 })
  if (code !== 0) throw new Error(output || `${command} ended with ${code}`)
  return output
}
