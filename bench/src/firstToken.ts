import type { Cell, Measurement, RunOptions } from './measurement.ts'
import { programs, programUrl, type Program } from './programs.ts'
import { runNode } from './runNode.ts'
import { startTokenServer } from './startTokenServer.ts'
import { median, quantile } from './statistics.ts'

export const firstToken: Measurement = {
  name: 'first-token',
  about: 'process start to first token',
  async run(options) {
    const tls = await measure('https', programs, options)
    // azure-identity does not send secrets without TLS.
    const plain = await measure(
      'http',
      programs.filter((program) => program !== 'azure-identity'),
      options,
    )
    const ratio = (times: Map<Program, number[]>): number =>
      median(times.get('latchkey')!) / median(times.get('floor')!)
    return {
      tables: [
        {
          title: `Process start to first token, from a local server, median of ${tls.get('floor')!.length}, in ms`,
          columns: ['program', 'TLS', 'p10–p90', '÷ floor', 'no TLS', 'p10–p90', '÷ floor'],
          rows: programs.map((program) => [program, ...cells(tls, program), ...cells(plain, program)]),
          notes: [
            'The clock starts with the process. TLS: the certificate is made for the run and given by NODE_EXTRA_CA_CERTS.',
          ],
        },
      ],
      limits: [
        { what: 'first token, TLS: latchkey ÷ a bare fetch', value: ratio(tls), limit: 1.15, relation: 'at most' },
        { what: 'first token, no TLS: latchkey ÷ a bare fetch', value: ratio(plain), limit: 1.15, relation: 'at most' },
      ],
    }
  },
}

async function measure(
  protocol: 'http' | 'https',
  programs: readonly Program[],
  { quick, progress }: RunOptions,
): Promise<Map<Program, number[]>> {
  const runs = quick ? 3 : 31
  using server = await startTokenServer(protocol, 0)
  const times = new Map<Program, number[]>(programs.map((program) => [program, []]))
  for (let run = 1; run <= runs; run++) {
    progress(`first-token: ${protocol} run ${run} of ${runs}`)
    for (const [program, values] of times) {
      const args = [programUrl(program).href, server.origin]
      const { ms } = await runNode<{ ms: number }>('runners/firstToken.js', args, { env: server.env })
      const requests = await server.takeCount()
      if (requests !== 1) throw new Error(`${program} made ${requests} token requests for its first token`)
      values.push(ms)
    }
  }
  return times
}

function cells(times: Map<Program, number[]>, program: Program): Cell[] {
  const values = times.get(program)
  if (!values) return [undefined, undefined, undefined]
  const range = [0.1, 0.9].map((share) => quantile(values, share).toFixed(0)).join('–')
  return [median(values), range, median(values) / median(times.get('floor')!)]
}
