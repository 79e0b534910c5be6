#!/usr/bin/env node
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createEmulator, type Emulator } from './createEmulator.js'
import type { App } from './App.js'
import type { Tenant } from './Tenant.js'
import type { RecordedRequest } from './requestLog.js'
import { defaultClientId, defaultPublicClientId, seedApps, seedTenants, seedUsers } from './seed.js'
import { serve } from './serve.js'
import type { User } from './User.js'

const usage = `Usage: latchkey-emulator [options]

Serves a local Microsoft Entra ID on 127.0.0.1.

  --port N      port to listen on; 0 for a free one (default 8400)
  --tenant ID   GUID or domain of the tenant to serve (default contoso.onmicrosoft.com)
  --quiet       print the address only, and no request log
  --help        print this
  --version     print the version
`

await main(process.argv.slice(2))

async function main(args: string[]): Promise<void> {
  const options = readOptions(args)
  if (options.help) return void process.stdout.write(usage)
  if (options.version) return void process.stdout.write(`${await readVersion()}\n`)

  const emulator = createEmulator({
    ...(options.tenant === undefined ? {} : tenantOptions(options.tenant)),
    onRequest: options.quiet ? undefined : (request) => process.stdout.write(`${logLine(request)}\n`),
  })
  const served = await serve(emulator, { port: options.port, hostname: 'localhost' }).catch((error: Error) =>
    fail(1, `Cannot listen on port ${options.port}: ${error.message}`),
  )
  process.stdout.write(options.quiet ? `${served.url}\n` : welcome(emulator, served.url))
  const stop = (): void => void served.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

interface Options {
  readonly port: number
  readonly tenant: string | undefined
  readonly quiet: boolean
  readonly help: boolean
  readonly version: boolean
}

function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '8400' },
        tenant: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    })
    const { port, tenant } = values
    if (!/^\d+$/.test(port) || Number(port) > 65_535) throw new TypeError('--port must be a number from 0 to 65535')
    if (tenant !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(tenant))
      throw new TypeError('--tenant must be a GUID or a domain')
    return { ...values, tenant, port: Number(port) }
  } catch (error) {
    return fail(2, `${(error as Error).message}\n\n${usage}`)
  }
}

/** Puts the default apps and users into that tenant, which is added when the seed does not have it. */
function tenantOptions(idOrDomain: string): { tenants: Tenant[]; apps: App[]; users: User[] } {
  const wanted = idOrDomain.toLowerCase()
  const seeded = seedTenants().find(({ id, domains }) => id === wanted || domains?.includes(wanted))
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted)
  const domain = isId ? 'emulated.onmicrosoft.com' : wanted
  const tenant = seeded ?? { id: isId ? wanted : crypto.randomUUID(), domains: [domain], name: domain }
  const apps = seedApps().filter(({ clientId }) => clientId === defaultClientId || clientId === defaultPublicClientId)
  const users = seedUsers().filter(({ username }) => username.endsWith('@contoso.com'))
  return {
    tenants: [tenant],
    apps: apps.map((app) => ({ ...app, tenantId: tenant.id })),
    users: users.map((user) => ({
      ...user,
      tenantId: tenant.id,
      username: user.username.replace('contoso.com', tenant.domains?.[0] ?? domain),
    })),
  }
}

function welcome(emulator: Emulator, url: string): string {
  const { tenantId, domain, clientId, clientSecret, scope, publicClientId } = emulator.defaults
  const users = Array.from(emulator.directory.users.values()).filter((user) => user.tenantId === tenantId)
  const width = Math.max(...users.map(({ username }) => username.length))
  const lines = users.map((user) => `  ${user.username.padEnd(width)}  ${user.password ?? ''}${noteOf(user)}`)
  return `Entra ID emulator on ${url}

  authority      ${url}/${tenantId}
  tenant         ${tenantId} (${domain})
  client ID      ${clientId}
  client secret  ${clientSecret}
  public client  ${publicClientId}

Users and their passwords:
${lines.join('\n')}

Try it:
  open ${signInUrl(emulator, url)}
  curl ${url}/${tenantId}/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=${clientId} \
-d client_secret=${clientSecret} -d scope=${scope}

`
}

function noteOf({ mfa, isAdmin, isDisabled, mustChangePassword }: User): string {
  const notes = [mfa && 'MFA', isAdmin && 'administrator', isDisabled && 'disabled', mustChangePassword && 'expired']
  const said = notes.filter(Boolean).join(', ')
  return said && `  (${said})`
}

/** Comes back to the emulator's own start page, in place of an app. */
function signInUrl({ defaults }: Emulator, url: string): string {
  const { publicClientId, tenantId, userScope } = defaults
  const query = new URLSearchParams({
    client_id: publicClientId,
    response_type: 'code',
    redirect_uri: url,
    scope: `openid profile ${userScope}`,
  })
  return `${url}/${tenantId}/oauth2/v2.0/authorize?${query}`
}

function logLine({ method, url, status, durationMs, fault }: RecordedRequest): string {
  const { pathname, search } = new URL(url)
  const ms = `${Math.round(durationMs ?? 0)} ms`
  return [status || 'broken', method, pathname + search, ms, ...(fault ? [`fault: ${fault}`] : [])].join('  ')
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}

function fail(status: number, message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(status)
}
