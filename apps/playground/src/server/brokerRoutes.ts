import { linuxBroker } from '@latchkey/broker-linux'
import { macBroker } from '@latchkey/broker-mac'
import { redirectUriFor, windowsBroker, type BrokerStatus, type NativeBroker } from '@latchkey/broker-windows'
import { Hono } from 'hono'
import process from 'node:process'
import { createBrokerSession } from './createBrokerSession.js'
import { readBrokerSettings } from './readBrokerSettings.js'

/** What the page shows of the broker before anybody signs in. */
export interface ShownBroker {
  readonly name: string
  readonly status: BrokerStatus
  /** What to register, with `CLIENT_ID` where the app's belongs. */
  readonly redirectUri: string
}

/**
 * Makes the routes of the page for brokers: the one that this machine has, asked on the server.
 *
 * @returns The routes.
 */
export function brokerRoutes(): Hono {
  const platform = ({ win32: 'windows', darwin: 'mac' } as const)[process.platform as string] ?? 'linux'
  const broker: NativeBroker = { windows: windowsBroker, mac: macBroker, linux: linuxBroker }[platform]({
    policy: 'require',
  })
  const session = createBrokerSession(broker)
  const routes = new Hono()
  const redirectUri = redirectUriFor(platform, { clientId: 'CLIENT_ID' })
  routes.get('/', async (c) =>
    c.json({ name: broker.name, status: await broker.status(), redirectUri } satisfies ShownBroker),
  )
  routes.post('/:action', async (c) => {
    let settings
    try {
      settings = readBrokerSettings(await c.req.json())
    } catch (error) {
      return c.text(`${error instanceof TypeError ? error.message : 'Cannot run: that is not JSON'}\n`, 400)
    }
    switch (c.req.param('action')) {
      case 'signIn':
        return c.json(await session.signIn(settings, c.req.raw.signal))
      case 'silent':
        return c.json(await session.silent(settings, c.req.raw.signal))
      case 'signOut':
        return c.json(await session.signOut(settings))
      case 'accounts':
        return c.json(await session.accounts(settings))
      default:
        return c.notFound()
    }
  })
  return routes
}
