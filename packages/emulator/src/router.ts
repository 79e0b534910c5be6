import { Hono } from 'hono'
import { EntraError, entraErrorBody } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { instanceDiscovery } from './routes/instanceDiscovery.js'
import { keys } from './routes/keys.js'
import { openidConfiguration, openidConfigurationV1 } from './routes/openidConfiguration.js'
import { resource } from './routes/resource.js'
import { token } from './routes/token.js'

/** Answers one request; never rejects. */
export type Router = (exchange: Exchange) => Promise<Response>

/**
 * Makes the router of an emulator: every endpoint of the service, whatever the host.
 *
 * @param service The emulator.
 * @returns The router.
 */
export function createRouter(service: Service): Router {
  const app = new Hono<{ Bindings: Exchange }>({
    // Entra takes paths in any case, with doubled slashes and with one at the end (MSAL Node's regional requests)
    getPath: (request) =>
      new URL(request.url).pathname
        .toLowerCase()
        .replace(/\/{2,}/g, '/')
        .replace(/(.)\/$/, '$1'),
  })

  app.get('/common/discovery/instance', (c) => instanceDiscovery(c.env))
  app.get('/:tenant/v2.0/.well-known/openid-configuration', (c) =>
    openidConfiguration(service, c.env, c.req.param('tenant')),
  )
  app.get('/:tenant/.well-known/openid-configuration', (c) =>
    openidConfigurationV1(service, c.env, c.req.param('tenant')),
  )
  app.get('/:tenant/discovery/v2.0/keys', (c) => keys(service, c.env, c.req.param('tenant')))
  app.get('/:tenant/discovery/keys', (c) => keys(service, c.env, c.req.param('tenant')))
  app.post('/:tenant/oauth2/v2.0/token', (c) => token(service, c.env, c.req.param('tenant')))
  app.all('/:tenant/oauth2/v2.0/token', (c) => {
    throw new EntraError(900561, { allowed: 'POST, OPTIONS', method: c.req.method })
  })
  app.on(['GET', 'POST'], ['/resource', '/resource/*'], (c) => resource(service, c.env))
  app.notFound((c) => new Response(`The emulator has nothing at ${c.req.method} ${c.req.path}\n`, { status: 404 }))
  app.onError((error, c) => refuse(error, c.env))

  return async (exchange) => app.fetch(exchange.request, exchange)
}

function refuse(error: Error, exchange: Exchange): Response {
  if (!(error instanceof EntraError)) return new Response('The emulator failed: this is a bug in it\n', { status: 500 })
  return Response.json(entraErrorBody(error, exchange), {
    status: error.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      pragma: 'no-cache',
      ...(error.status === 405 ? { allow: 'POST, OPTIONS' } : {}),
    },
  })
}
