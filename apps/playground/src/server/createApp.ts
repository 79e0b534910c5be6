import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { createEmulator, type Emulator } from '@latchkey/emulator'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkSettings } from '../scenario/checkSettings.js'
import { createSession } from '../scenario/createSession.js'
import { brokerRoutes } from './brokerRoutes.js'
import { emulate } from './emulate.js'
import { keptCaches } from './keptCaches.js'
import { registerCertificate } from './registerCertificate.js'
import { registerPage } from './registerPage.js'
import { sameOrigin } from './sameOrigin.js'

/** The playground's server: a fetch handler, and the emulator that it embeds. */
export interface App {
  readonly fetch: Hono<{ Bindings: HttpBindings }>['fetch']
  readonly emulator: Emulator
  /** Removes the files that were made; synchronous, for the end of the process. */
  close(): void
}

/** The page that the popup comes back to, as core ships it. */
const receiver = readFileSync(new URL('receiver.html', import.meta.resolve('@latchkey/core/package.json')), 'utf8')

const self = ["'self'"]
const none = ["'none'"]

/**
 * Makes the server: the page, Latchkey on the server's side at `/api`, and the emulator everywhere else.
 *
 * @returns The server.
 */
export function createApp(): App {
  // Half of a token's life: what is due for refresh can be seen without waiting for a day.
  const emulator = createEmulator({ refreshIn: 1800 })
  const caches = keptCaches()
  const session = createSession(({ emulated }) => (emulated ? emulator.fetch : fetch), caches)
  const app = new Hono<{ Bindings: HttpBindings }>()

  app.use(sameOrigin())
  app.use('/api/*', bodyLimit({ maxSize: 16 * 1024 * 1024 }))
  app.route('/api/broker', brokerRoutes())
  app.post('/api/certificate', async (c) => c.text(await registerCertificate(emulator)))
  app.post('/api/:operation', async (c) => {
    if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) return c.text('Send JSON\n', 415)
    let given: { settings?: unknown; json?: unknown }
    let settings
    try {
      given = Object(await c.req.json())
      settings = checkSettings(given.settings)
    } catch (error) {
      return c.text(`${error instanceof TypeError ? error.message : 'Cannot run: that is not JSON'}\n`, 400)
    }
    switch (c.req.param('operation')) {
      case 'run':
        return c.json(await session.run(settings, c.req.raw.signal))
      case 'removeTokens':
        return c.json(await session.removeTokens(settings))
      case 'startOver':
        return c.json(await session.startOver(settings))
      case 'readCache':
        return c.json(await session.readCache(settings))
      case 'loadCache':
        return c.json(await session.loadCache(settings, String(given.json)))
      default:
        return c.notFound()
    }
  })

  // The page's Latchkey asks for https://login.microsoftonline.com/…, and its fetch for /emulated/https/login.microsoftonline.com/…
  app.all('/emulated/:scheme{https?}/:host/*', (c) => {
    const { pathname, search } = new URL(c.req.url)
    const [, , scheme, host, ...path] = pathname.split('/')
    return emulate(emulator, c, `${scheme}://${host}/${path.join('/')}${search}`)
  })
  app.get('/receiver.html', (c) => c.html(receiver))
  // The page may have any port: it is registered under the one that it is asked for by.
  for (const path of ['/people.html', '/proof.html'])
    app.use(path, (c, next) => {
      registerPage(emulator, new URL(c.req.url).origin)
      return next()
    })
  // The pages only: what the emulator answers, its sign-in pages included, is shown as Entra would give it.
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: self,
      imgSrc: [...self, 'data:'],
      baseUri: self,
      formAction: none,
      frameAncestors: none,
    },
    strictTransportSecurity: false,
  })
  for (const path of ['/', '/:page{\\w[\\w-]*\\.html}', '/assets/*']) app.use(path, headers)
  app.use(serveStatic({ root: fileURLToPath(new URL('../page', import.meta.url)) }))
  // Programs on this machine may use this server's own address as their authority.
  app.all('*', (c) => emulate(emulator, c, c.req.url))

  return { fetch: app.fetch, emulator, close: () => caches.remove() }
}
