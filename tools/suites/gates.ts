import { check, type Outcome, type Suite } from '../outcome.ts'
import { gates } from '../gates/gates.ts'

export const gateSuite: Suite = {
  name: 'gates',
  about: gates.map(({ name }) => name).join(', '),
  async run(options) {
    const outcomes: Outcome[] = []
    for (const gate of gates)
      for (const { name, run } of gate.checks(options)) outcomes.push(await check(`${gate.name}: ${name}`, run))
    return outcomes
  },
}
