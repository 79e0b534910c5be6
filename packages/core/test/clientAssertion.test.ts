import { expect, test } from 'vitest'
import { acquireTokenForClient, clientAssertion, createConfidentialClient, type ClientCredential } from '@latchkey/core'
import recorded from './fixtures/msalAssertions.json' with { type: 'json' }

const { clientId, authority } = recorded
const scopes = ['https://graph.microsoft.com/.default']

/** A client whose token requests are kept. */
function recordForms(credential: ClientCredential) {
  const forms: Record<string, string>[] = []
  const fetch = async (_url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    forms.push(Object.fromEntries(new URLSearchParams(init?.body as string)))
    return Response.json({ access_token: 'AT-app', token_type: 'Bearer', expires_in: 3599 })
  }
  return {
    forms,
    client: createConfidentialClient({ clientId, authority, credential, fetch }),
  }
}

test('sends an assertion as MSAL Python does', async () => {
  const { forms, client } = recordForms(clientAssertion(recorded.rawAssertion.assertion))
  await acquireTokenForClient(client, { scopes })
  const form = { ...recorded.rawAssertion.form, client_info: '1' }
  expect(forms).toEqual([form])
})

test('asks a callback at each token request, and tells it who asks', async () => {
  const contexts: unknown[] = []
  const { forms, client } = recordForms(
    clientAssertion(({ clientId, tokenEndpoint, authorityKind }) => {
      contexts.push({ clientId, tokenEndpoint, authorityKind })
      return `jwt-${contexts.length}`
    }),
  )
  await acquireTokenForClient(client, { scopes })
  await acquireTokenForClient(client, { scopes })
  await acquireTokenForClient(client, { scopes, claims: '{}' })
  expect(forms.map((form) => form['client_assertion'])).toEqual(['jwt-1', 'jwt-2'])
  const context = { clientId, tokenEndpoint: `${authority}/oauth2/v2.0/token`, authorityKind: 'entra' }
  expect(contexts).toEqual([context, context])
})

test('waits for a callback', async () => {
  const { forms, client } = recordForms(clientAssertion(async () => 'later'))
  await acquireTokenForClient(client, { scopes })
  expect(forms[0]).toMatchObject({ client_assertion: 'later' })
})

test('passes on what a callback throws, unchanged', async () => {
  const reason = new Error('the vault is closed')
  const { forms, client } = recordForms(clientAssertion(() => Promise.reject(reason)))
  await expect(acquireTokenForClient(client, { scopes })).rejects.toBe(reason)
  expect(forms).toEqual([])
})

test.each([undefined, null, 42, '', ' ', 'a b', 'a\n', {}, { toString: () => 'h.p.s' }])(
  'refuses %o',
  async (value) => {
    expect(() => clientAssertion(value as never)).toThrow(
      new TypeError('Cannot use the client assertion: expected a JWT'),
    )
    const { forms, client } = recordForms(clientAssertion(() => value as never))
    await expect(acquireTokenForClient(client, { scopes })).rejects.toThrow(TypeError)
    expect(forms).toEqual([])
  },
)

test('does not show the assertion when printed', () => {
  const credential = clientAssertion('h.p.s')
  expect(JSON.stringify(credential) + String(credential)).not.toContain('h.p.s')
})
