import type { Cell, Limit, Measurement } from './measurement.ts'
import { programs, programUrl } from './programs.ts'
import { runNode } from './runNode.ts'
import { startTokenServer } from './startTokenServer.ts'

const CALLS = 200
/** Milliseconds, about what Entra takes. */
const DELAY = 50

export const coalescing: Measurement = {
  name: 'coalescing',
  about: `token requests made by ${CALLS} equal simultaneous calls`,
  async run({ progress }) {
    using server = await startTokenServer('https', DELAY)
    const rows: Cell[][] = []
    const limits: Limit[] = []
    for (const program of programs) {
      progress(`coalescing: ${program}`)
      const args = [programUrl(program).href, server.origin, String(CALLS)]
      const { ms, tokens } = await runNode<{ ms: number; tokens: number }>('runners/simultaneous.js', args, {
        env: server.env,
      })
      const requests = await server.takeCount()
      rows.push([program, requests, tokens, ms])
      if (program === 'latchkey') {
        const what = `coalescing: token requests for ${CALLS} calls`
        limits.push({ what, value: requests, limit: 1, relation: 'exactly', exact: true })
      }
    }
    return {
      tables: [
        {
          title: `${CALLS} equal simultaneous calls on an empty cache`,
          columns: ['program', 'token requests', 'distinct tokens', 'ms'],
          rows,
          notes: [`The server takes ${DELAY} ms for an answer; over TLS, once, in a fresh process.`],
        },
      ],
      limits,
    }
  },
}
