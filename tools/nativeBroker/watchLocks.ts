import { rmSync } from 'node:fs'
import dbus, { type Message, type Variant } from 'dbus-next'

/** MSALRuntime locks each item of the keyring for the whole system, by a semaphore that it never removes. */
const SEMAPHORE = '/dev/shm/sem.e165a065-6178-4c90-aa1d-5cb947e484f4:'
const RULE = "type='signal',interface='org.freedesktop.Secret.Collection'"

/** The locks that belong to a keyring's items: those of another are somebody else's. */
export interface Locks {
  /** Removes them, also those of items that are gone. */
  remove(): Promise<void>
}

/**
 * Notes the locks of all items that a keyring gets.
 *
 * @param address The bus that the keyring is on.
 * @returns The locks.
 */
export async function watchLocks(address: string): Promise<Locks> {
  const bus = dbus.sessionBus({ busAddress: address })
  const ids = new Set<string>()
  const asked: Promise<void>[] = []
  const note = async (path: string): Promise<void> => {
    const body = ['org.freedesktop.Secret.Item', 'Attributes']
    const get = { path, interface: 'org.freedesktop.DBus.Properties', member: 'Get', signature: 'ss', body }
    const reply = await bus.call(new dbus.Message({ destination: 'org.freedesktop.secrets', ...get }))
    const [{ value }] = reply!.body as [Variant<Record<string, string>>]
    if (/^[0-9a-f]{64}$/.test(value['id'] ?? '')) ids.add(value['id']!)
  }
  bus.on('message', (message: Message) => {
    // An item that is gone before it was asked about is of no more use to anybody.
    if (/^Item(Created|Changed)$/.test(message.member)) asked.push(note(message.body[0] as string).catch(() => {}))
  })
  const daemon = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  }
  await bus.call(new dbus.Message({ ...daemon, member: 'AddMatch', signature: 's', body: [RULE] }))
  return {
    async remove() {
      // What was sent before this question has arrived when its answer has.
      await bus.call(new dbus.Message({ destination: 'org.freedesktop.secrets', ...ping })).catch(() => {})
      await Promise.all(asked)
      bus.disconnect()
      for (const id of ids) rmSync(SEMAPHORE + id, { force: true })
    },
  }
}

const ping = { path: '/org/freedesktop/secrets', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' }
