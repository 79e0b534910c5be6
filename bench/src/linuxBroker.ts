import { startBrokerDouble } from '../../tools/nativeBroker/brokerDouble.ts'
import { missingNativeBroker } from '../../tools/nativeBroker/missingNativeBroker.ts'
import { msalRuntimeFile } from '../../tools/nativeBroker/msalRuntimeFile.ts'
import { startSessionBus } from '../../tools/nativeBroker/sessionBus.ts'
import type { Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { median } from './statistics.ts'
import type { LinuxBrokerFigures } from './workers/linuxBroker.ts'

export const linuxBroker: Measurement = {
  name: 'linux-broker',
  about: 'the first silent token of the Linux broker, and memory after many',
  async run({ quick, progress }) {
    const title = 'The Linux broker, the real library over a broker of our own'
    const columns = ['', 'value']
    const missing = missingNativeBroker()
    if (missing) return { tables: [{ title, columns, rows: [], notes: [missing] }], limits: [] }
    const bus = await startSessionBus()
    const broker = await startBrokerDouble(bus.address)
    try {
      const work = async <T extends LinuxBrokerFigures>(what: string, more: object = {}): Promise<T> =>
        runNode<T>('workers/linuxBroker.ts', [JSON.stringify({ what, library, clientId, ...more })], {
          flags: ['--expose-gc'],
        })
      const library = msalRuntimeFile('linux', 'ubuntu', 'x64', 'libmsalruntime.so')
      const clientId = crypto.randomUUID()
      progress('linux-broker: signing in')
      const { account } = await work('sign in')
      const [rounds, operations] = quick ? [2, 100] : [7, 5000]
      const [loads, firsts]: [number[], number[]] = [[], []]
      for (let round = 1; round <= rounds; round++) {
        progress(`linux-broker: first token, round ${round} of ${rounds}`)
        loads.push((await work('load')).milliseconds!)
        firsts.push((await work('first', { account })).milliseconds!)
      }
      progress(`linux-broker: ${operations} tokens`)
      const { growth, milliseconds } = await work('many', { account, operations })
      const [load, first] = [median(loads), median(firsts)]
      const rows = [
        ['loading the library alone, ms', load],
        ['first silent token, loading included, ms', first],
        [`${operations} silent tokens one after the other, ms each`, milliseconds! / operations],
        [`memory after ${operations} beside after a tenth of them, MB`, growth! / 1e6],
      ]
      return {
        tables: [{ title, columns, rows, notes: ['Fresh processes; medians.'] }],
        limits: [
          { what: 'linux-broker adds to loading, ms', value: first - load, limit: 60, relation: 'at most' },
          {
            what: `linux-broker: growth of ${operations} tokens, MB`,
            value: growth! / 1e6,
            limit: 8,
            relation: 'at most',
          },
        ],
      }
    } finally {
      broker.leave()
      await bus.close()
    }
  },
}
