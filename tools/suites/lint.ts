import { check, type Suite } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

export const lintSuite: Suite = {
  name: 'lint',
  about: 'oxlint (with import cycles and layers) and formatting',
  run: async () => [await command('oxlint', ['oxlint']), await command('formatting', ['oxfmt', '--check'])],
}

const command = (name: string, args: string[]) =>
  check(name, async () => {
    const { code, output } = await run('pnpm', ['exec', ...args], { cwd: root, capture: true })
    if (code !== 0) throw new Error(output)
  })
