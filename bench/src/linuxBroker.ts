import { startBrokerDouble } from '../../tools/nativeBroker/brokerDouble.ts'
import { missingNativeBroker } from '../../tools/nativeBroker/missingNativeBroker.ts'
import { msalRuntimeFile } from '../../tools/nativeBroker/msalRuntimeFile.ts'
import { startSessionBus } from '../../tools/nativeBroker/sessionBus.ts'
import type { Measurement } from './measurement.ts'
import { runNode } from './runNode.ts'
import { median } from './statistics.ts'
import type { LinuxBrokerFigures, LinuxBrokerTask } from './workers/linuxBroker.ts'

export const linuxBroker: Measurement = {
  name: 'linux-broker',
  about: 'the first silent token of the Linux broker, and memory after many',
  async run({ quick, progress }) {
    const title = 'The Linux broker, the real library over a broker of our own'
    const columns = ['', 'the library alone', 'with linux-broker']
    const missing = missingNativeBroker()
    if (missing) return { tables: [{ title, columns, rows: [], notes: [missing] }], limits: [] }
    const bus = await startSessionBus()
    const broker = await startBrokerDouble(bus.address)
    try {
      const library = msalRuntimeFile('linux', 'ubuntu', 'x64', 'libmsalruntime.so')
      const clientId = crypto.randomUUID()
      const work = async (task: Omit<LinuxBrokerTask, 'library' | 'clientId'>): Promise<LinuxBrokerFigures> =>
        runNode('workers/linuxBroker.ts', [JSON.stringify({ library, clientId, ...task })], {
          // Not where time is measured: with a flag of V8's, Node cannot use what it has compiled in advance, for no thread.
          flags: task.tokens > 1 ? ['--expose-gc'] : [],
        })
      progress('linux-broker: signing in')
      const account = (await work({ subject: 'broker', tokens: 0 })).account!
      const [rounds, tokens] = quick ? [2, 100] : [7, 5000]
      const [loads, alone, firsts]: [number[], number[], number[]] = [[], [], []]
      for (let round = 1; round <= rounds; round++) {
        progress(`linux-broker: first token, round ${round} of ${rounds}`)
        const floor = await work({ subject: 'library', account, tokens: 1 })
        loads.push(floor.loaded!)
        alone.push(floor.milliseconds)
        firsts.push((await work({ subject: 'broker', account, tokens: 1 })).milliseconds)
      }
      const [floors, manies]: [LinuxBrokerFigures[], LinuxBrokerFigures[]] = [[], []]
      const repeats = quick ? 1 : 3
      for (let round = 1; round <= repeats; round++) {
        progress(`linux-broker: ${tokens} tokens, round ${round} of ${repeats}`)
        const both = ['library', 'broker'] as const
        const [floor, many] = await Promise.all(both.map((subject) => work({ subject, account, tokens })))
        floors.push(floor!)
        manies.push(many!)
      }
      const [first, firstFloor] = [median(firsts), median(alone)]
      const [ms, msFloor] = [manies, floors].map(
        (runs) => median(runs.map(({ milliseconds }) => milliseconds)) / tokens,
      )
      const [mb, mbFloor] = [manies, floors].map((runs) => median(runs.map(({ memory }) => memory)) / 1e6) as [
        number,
        number,
      ]
      const rows = [
        ['loading the library, ms', median(loads), undefined],
        ['first silent token, loading included, ms', firstFloor, first],
        [`each of ${tokens} silent tokens, ms`, msFloor, ms],
        [`what the second half of them took of memory and did not give back, MB`, mbFloor, mb],
      ]
      return {
        tables: [
          {
            title,
            columns,
            rows,
            notes: [
              'Fresh processes; medians. The many tokens: both at the same time. Memory: all but the part of the heap that is reserved and empty.',
            ],
          },
        ],
        limits: [
          {
            what: 'linux-broker adds to a first silent token, ms',
            value: first - firstFloor,
            limit: 60,
            relation: 'at most',
          },
          {
            what: `linux-broker adds to the memory of the second half of ${tokens}, MB`,
            value: mb - mbFloor,
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
