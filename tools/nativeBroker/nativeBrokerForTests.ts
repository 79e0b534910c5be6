import { afterAll } from 'vitest'
import { startBrokerDouble, type BrokerDouble } from './brokerDouble.ts'
import { missingNativeBroker } from './missingNativeBroker.ts'
import { msalRuntimeFile } from './msalRuntimeFile.ts'
import { startSessionBus, type SessionBus } from './sessionBus.ts'

/** What a test file needs to run the real MSALRuntime. */
export interface NativeBrokerForTests {
  /** Why it cannot run here. */
  readonly reason: string | undefined
  /** Continues a title with the reason. */
  readonly title: (text: string) => string
  /** What MSALRuntime talks to. */
  readonly broker: BrokerDouble
  readonly bus: SessionBus
  /** Path of the real library. */
  readonly library: string
}

/**
 * Starts a bus, a keyring and a broker for this test file, and ends them with it. To be awaited before the first native call: the
 * native library reads the bus's address once.
 *
 * @param options `keyring: false` leaves the keyring out.
 * @returns What was started.
 */
export async function nativeBrokerForTests(options: { keyring?: boolean } = {}): Promise<NativeBrokerForTests> {
  const reason = missingNativeBroker()
  if (reason) console.log(`skipped: ${reason}`)
  const title = (text: string): string => (reason ? `${text} (skipped: ${reason})` : text)
  const library = msalRuntimeFile('linux', 'ubuntu', 'x64', 'libmsalruntime.so')
  if (reason) return { reason, title, library, broker: undefined as never, bus: undefined as never }
  const bus = await startSessionBus(options)
  afterAll(() => bus.close())
  const broker = await startBrokerDouble(bus.address)
  afterAll(() => broker.leave())
  return { reason, title, library, broker, bus }
}
