import { Hono } from 'hono'
import { EntraError, entraErrorBody } from './EntraError.js'
import type { Exchange, Service } from './Exchange.js'
import { errorPage } from './pages/messagePage.js'
import { authorize } from './routes/authorize.js'
import { arc } from './routes/arc.js'
import { appService } from './routes/appService.js'
import { cloudShell } from './routes/cloudShell.js'
import { deviceAuthorization } from './routes/deviceAuthorization.js'
import { deviceLogin } from './routes/deviceLogin.js'
import { imds } from './routes/imds.js'
import { instanceDiscovery } from './routes/instanceDiscovery.js'
import { keys } from './routes/keys.js'
import { login } from './routes/login.js'
import { logout } from './routes/logout.js'
import { machineLearning } from './routes/machineLearning.js'
import { mex } from './routes/mex.js'
import { openidConfiguration, openidConfigurationV1 } from './routes/openidConfiguration.js'
import { resource } from './routes/resource.js'
import { serviceFabric } from './routes/serviceFabric.js'
import { start } from './routes/start.js'
import { token } from './routes/token.js'
import { userRealm } from './routes/userRealm.js'
import { wsTrust } from './routes/wsTrust.js'
import type { PathSegments } from './tenantPath.js'

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

  const forms = ['GET', 'POST']
  const page =
    (answer: (exchange: Exchange) => Promise<Response>) =>
    (c: { readonly env: Exchange }): Promise<Response> =>
      answer(c.env).catch((error: unknown) => {
        if (error instanceof EntraError) return errorPage(service, c.env, error)
        throw error
      })

  app.get(
    '/',
    page((exchange) => start(service, exchange)),
  )
  app.get('/common/discovery/instance', (c) => instanceDiscovery(c.env))
  app.get('/common/userrealm/:username', (c) => userRealm(service, c.env, c.req.param('username')))
  app.get('/adfs/services/trust/mex', (c) => mex(service, c.env))
  app.post('/adfs/services/trust/13/usernamemixed', (c) => wsTrust(service, c.env, '1.3'))
  app.post('/adfs/services/trust/2005/usernamemixed', (c) => wsTrust(service, c.env, '2005'))
  app.post(
    '/common/login',
    page((exchange) => login(service, exchange)),
  )
  app.on(
    forms,
    ['/devicelogin', '/common/oauth2/deviceauth', '/adfs/oauth2/deviceauth'],
    page((exchange) => deviceLogin(service, exchange)),
  )

  const mount = (prefix: string, oauth: string, read: (param: (name: string) => string) => PathSegments): void => {
    const segmentsOf = (c: { readonly req: { param(name: string): string | undefined } }): PathSegments =>
      read((name) => c.req.param(name) ?? '')
    app.get(`${prefix}/v2.0/.well-known/openid-configuration`, (c) =>
      openidConfiguration(service, c.env, segmentsOf(c)),
    )
    app.get(`${prefix}/.well-known/openid-configuration`, (c) => openidConfigurationV1(service, c.env, segmentsOf(c)))
    app.on('GET', [`${prefix}/discovery/v2.0/keys`, `${prefix}/discovery/keys`], (c) =>
      keys(service, c.env, segmentsOf(c)),
    )
    app.on(forms, `${prefix}${oauth}/authorize`, (c) =>
      page((exchange) => authorize(service, exchange, segmentsOf(c)))(c),
    )
    app.on(forms, `${prefix}${oauth}/logout`, (c) => page((exchange) => logout(service, exchange, segmentsOf(c)))(c))
    app.post(`${prefix}${oauth}/token`, (c) => token(service, c.env, segmentsOf(c)))
    app.post(`${prefix}${oauth}/devicecode`, (c) => deviceAuthorization(service, c.env, segmentsOf(c)))
    for (const endpoint of ['token', 'devicecode'])
      app.all(`${prefix}${oauth}/${endpoint}`, (c) => {
        throw new EntraError(900561, { allowed: 'POST, OPTIONS', method: c.req.method })
      })
  }
  mount('/adfs', '/oauth2', () => ({ tenant: 'adfs' }))
  mount('/:tenant', '/oauth2/v2.0', (param) => ({ tenant: param('tenant') }))
  mount('/tfp/:tenant/:policy', '/oauth2/v2.0', (param) => ({
    tenant: param('tenant'),
    policy: param('policy'),
    isTfp: true,
  }))
  mount('/:tenant/:policy', '/oauth2/v2.0', (param) => ({ tenant: param('tenant'), policy: param('policy') }))
  app.get('/metadata/identity/oauth2/token', (c) =>
    // Azure Arc's agent has the same path, on a port of its own
    c.env.url.port === '40342' ? arc(service, c.env) : imds(service, c.env),
  )
  app.get('/arc/metadata/identity/oauth2/token', (c) => arc(service, c.env))
  app.get('/fabric/metadata/identity/oauth2/token', (c) => serviceFabric(service, c.env))
  app.get('/msi/token', (c) => appService(service, c.env))
  app.get('/msi/auth', (c) => machineLearning(service, c.env))
  app.post('/oauth2/token', (c) => cloudShell(service, c.env))
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
