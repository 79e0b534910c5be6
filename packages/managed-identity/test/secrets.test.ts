import { inspect } from 'node:util'
import { acquireTokenForManagedIdentity, createManagedIdentityClient, systemAssigned } from '@latchkey/managed-identity'
import { describe, expect, test } from 'vitest'
import { createEndpoint, json, type Step } from './fixtures/endpoint.js'
import { createHost, environments, KEYS } from './fixtures/sources.js'

/** One that has to be escaped in JSON and in addresses. */
const SECRET = 'k"ey/with\\signs+and=more'
const challenge: Step = json({}, 401, { 'WWW-Authenticate': `Basic realm=${KEYS}/a.key` })

const echoes: [string, Step][] = [
  ['text', () => new Response(`no: ${SECRET}`, { status: 400 })],
  ['JSON', json({ error: { code: SECRET, message: SECRET }, message: SECRET, error_description: SECRET }, 400)],
  ['an address', () => new Response(`no: ${encodeURIComponent(SECRET)}`, { status: 500 })],
  ['a 429', json({ message: SECRET }, 429)],
]

describe.each(Object.keys(environments) as (keyof typeof environments)[])('%s', (source) => {
  test.each(echoes)('no secret comes back in %s', async (_, step) => {
    const { IDENTITY_HEADER, MSI_SECRET, ...rest } = environments[source]
    const env = {
      ...rest,
      ...(IDENTITY_HEADER && { IDENTITY_HEADER: SECRET }),
      ...(MSI_SECRET && { MSI_SECRET: SECRET }),
    }
    const { fetch, asked } = createEndpoint(...(source === 'azureArc' ? [challenge] : []), step)
    const httpCache = new Map<string, unknown>()
    const lines: unknown[] = []
    const client = createManagedIdentityClient({
      ...{ identity: systemAssigned(), env, fetch, maxRetries: 0, httpCache },
      host: createHost({ [`${KEYS}/a.key`]: SECRET }),
      logger: (...line) => void lines.push(line),
    })
    const errors = [1, 2].map(() =>
      acquireTokenForManagedIdentity(client, { resource: 'R' }).catch((error: unknown) => error),
    )
    const shown = inspect([await Promise.all(errors), lines, [...httpCache]], { depth: 10, showHidden: true })
    const sent = asked.some(({ headers }) => Object.values(headers).some((value) => value.includes(SECRET)))
    expect(sent).toBe(source !== 'imds')
    // The endpoint of a virtual machine is sent none, so that it has none to repeat.
    if (source === 'imds') return
    for (const form of [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET)])
      expect(shown).not.toContain(form)
  })
})
