import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

/**
 * Compares what the READMEs say with what was measured. A line with the comment `<!-- size:NAME -->` gives the size of that
 * scenario as `N.N kB`.
 *
 * @param sizes Scenario name to bytes of brotli.
 * @param update Write the measured sizes into the lines.
 */
export function checkReadmes(sizes: ReadonlyMap<string, number>, update: boolean): void {
  const wrong: string[] = []
  for (const path of globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root })) {
    const text = readFileSync(join(root, path), 'utf8')
    const next = text.replace(/^.*<!-- size:([a-z0-9-]+) -->.*$/gm, (line, name: string) => {
      const bytes = sizes.get(name)
      const right = bytes === undefined ? undefined : line.replace(/\d+(\.\d+)? kB/, `${(bytes / 1000).toFixed(1)} kB`)
      if (right === undefined) wrong.push(`${path}: there is no measured scenario ${name}`)
      else if (!/\d kB/.test(line)) wrong.push(`${path}: no size as "N.N kB" in the line of ${name}`)
      else if (right !== line && !update) wrong.push(`${path}: ${line.trim()}\n  measured: ${right.trim()}`)
      return right ?? line
    })
    if (update && next !== text) writeFileSync(join(root, path), next)
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}
