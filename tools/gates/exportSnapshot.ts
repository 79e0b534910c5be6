import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Gate } from './gate.ts'
import { lineDiff } from './lineDiff.ts'
import { compilerOptions, readExports } from './program.ts'
import { type Package, publishable } from './publishable.ts'

const printer = ts.createPrinter({ removeComments: true })

/** What each entry exports, with types, is written down in git: nothing becomes public, or changes, unseen. */
export const exportSnapshot: Gate = {
  name: 'export snapshot',
  checks: ({ update }) =>
    publishable().map((pkg) => ({
      name: pkg.name,
      run() {
        const path = join(pkg.folder, 'exports.snap.md')
        const now = snapshot(pkg)
        if (update) writeFileSync(path, now)
        const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
        if (before !== now)
          throw new Error(`${path} differs (npm test -- --only gates --update)\n${lineDiff(before, now)}`)
      },
    })),
}

function snapshot({ name, folder, entries }: Package): string {
  const { exportsOf } = readExports(
    entries.map(({ types }) => types),
    compilerOptions(join(folder, 'tsconfig.json')),
  )
  const parts = entries.map(({ specifier, types }) => {
    const lines = exportsOf(types).flatMap(({ symbol }) => (symbol.declarations ?? []).map(print))
    return `## ${specifier}\n\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`
  })
  return [`# What ${name} exports\n\nWritten by the export snapshot gate; see CONTRIBUTING.md.\n`, ...parts].join('\n')
}

function print(declaration: ts.Declaration): string {
  // A constant's type is on the declaration inside the statement.
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const text = printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile())
  return text.replace(/^export (declare )?/, '').replace(/;$/gm, '')
}
