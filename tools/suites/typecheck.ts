import { globSync } from 'node:fs'
import { check, type Outcome, type Suite } from '../outcome.ts'
import { root } from '../root.ts'
import { run } from '../run.mjs'

export const typecheckSuite: Suite = {
  name: 'typecheck',
  about: 'every tsconfig.json with the TypeScript 7 compiler',
  async run() {
    const outcomes: Outcome[] = []
    const projects = globSync(['tsconfig.json', '{packages,apps}/*/tsconfig*.json', '{examples,bench}/tsconfig.json'], {
      cwd: root,
    })
    for (const project of projects.toSorted()) {
      const compile = async (): Promise<void> => {
        const { code, output } = await run('pnpm', ['exec', 'tsc', '-p', project, '--noEmit'], {
          cwd: root,
          capture: true,
        })
        if (code !== 0) throw new Error(output)
      }
      outcomes.push(await check(project, compile))
    }
    return outcomes
  },
}
