import { rmSync } from 'node:fs'
import dbus, { type Message, type MessageBus, type Variant } from 'dbus-next'

/** MSALRuntime locks each item of the keyring for the whole system, by a semaphore that it never removes. */
const SEMAPHORE = '/dev/shm/sem.e165a065-6178-4c90-aa1d-5cb947e484f4:'
const SCHEMA = 'com.microsoft.identity.secret'

/**
 * Removes the locks that belong to the items of a keyring: those of another are somebody else's.
 *
 * @param address The bus that the keyring is on.
 * @returns When they are gone.
 */
export async function removeLocks(address: string): Promise<void> {
  const bus = dbus.sessionBus({ busAddress: address })
  try {
    const search = { interface: 'org.freedesktop.Secret.Service', member: 'SearchItems', signature: 'a{ss}' }
    const [open, locked] = await ask(bus, '/org/freedesktop/secrets', { ...search, body: [{ 'xdg:schema': SCHEMA }] })
    for (const path of [...(open as string[]), ...(locked as string[])]) {
      const get = { interface: 'org.freedesktop.DBus.Properties', member: 'Get', signature: 'ss' }
      const [found] = await ask(bus, path, { ...get, body: ['org.freedesktop.Secret.Item', 'Attributes'] })
      const { id } = (found as Variant<Record<string, string>>).value
      if (id && /^[0-9a-f]{64}$/.test(id)) rmSync(SEMAPHORE + id, { force: true })
    }
  } finally {
    bus.disconnect()
  }
}

async function ask(bus: MessageBus, path: string, message: Partial<Message>): Promise<unknown[]> {
  const reply = await bus.call(new dbus.Message({ destination: 'org.freedesktop.secrets', path, ...message }))
  return reply!.body as unknown[]
}
