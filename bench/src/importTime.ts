import type { Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { median } from './statistics.ts'

const empty = new URL('runners/empty.js', import.meta.url).href
const modules = [empty, '@latchkey/core', 'oauth4webapi', '@azure/msal-node', '@azure/identity']

export const importTime: Measurement = {
  name: 'import',
  about: 'import of the built package in fresh processes',
  async run({ quick, progress }) {
    const runs = quick ? 3 : 41
    const times = new Map(modules.map((module) => [module, { import: [] as number[], wall: [] as number[] }]))
    for (let run = 1; run <= runs; run++) {
      progress(`import: run ${run} of ${runs}`)
      for (const [module, { import: imports, wall: walls }] of times) {
        const { ms, wall } = await runNode<{ ms: number }>('runners/import.js', [module])
        imports.push(ms)
        walls.push(wall)
      }
    }
    const figures = [...times].map(([module, { import: imports, wall }]) => ({
      module,
      ms: median(imports),
      wall: median(wall),
    }))
    const of = (name: string): { ms: number; wall: number } => figures.find(({ module }) => module === name)!
    const bare = of(empty)
    const cost = (name: string): number => of(name).ms - bare.ms
    return {
      tables: [
        {
          title: `Import in a fresh process, median of ${runs}, in ms`,
          columns: ['module', 'import', 'import − empty module', '÷ oauth4webapi', 'process', 'process − empty module'],
          rows: figures.map(({ module, ms, wall }) =>
            module === empty
              ? ['an empty module', ms, undefined, undefined, wall, undefined]
              : [module, ms, cost(module), cost(module) / cost('oauth4webapi'), wall, wall - bare.wall],
          ),
        },
      ],
      limits: [
        {
          what: 'import: latchkey ÷ oauth4webapi',
          value: cost('@latchkey/core') / cost('oauth4webapi'),
          limit: 1.3,
          relation: 'at most',
        },
      ],
    }
  },
}
