import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../root.ts'

/** What a user can import. */
export interface Entry {
  specifier: string
  /** Absolute paths. */
  source: string
  types: string
  code: string
}

export interface Package {
  name: string
  folder: string
  entries: Entry[]
}

interface Manifest {
  name: string
  private?: boolean
  exports: Record<string, string | { types: string; default: string }>
}

/** The packages that are published, with their entries as `exports` declares them. */
export function publishable(): Package[] {
  return globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => ({ folder: join(root, dirname(path)), manifest: readManifest(join(root, path)) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, entries: entriesOf(folder, manifest) }))
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8'))

function entriesOf(folder: string, manifest: Manifest): Entry[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return []
    const source = target.types.replace('./dist/', './src/').replace(/\.d\.ts$/, '.ts')
    return [
      {
        specifier: join(manifest.name, subpath).replaceAll('\\', '/'),
        source: join(folder, source),
        types: join(folder, target.types),
        code: join(folder, target.default),
      },
    ]
  })
}
