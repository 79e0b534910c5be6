import { acquireTokenByUsernamePassword, acquireTokenSilent, createPublicClient } from '@latchkey/core'
import { createEmulator, type Emulator } from '@latchkey/emulator'
import { beforeEach, expect, test } from 'vitest'
import { wsTrust } from '@latchkey/ws-trust'

const username = 'fay@federated.contoso.com'
const password = 'fay-password'
const scopes = ['User.Read']
let emulator: Emulator
beforeEach(() => {
  emulator = createEmulator()
})
const create = () => {
  const { publicClientId: clientId, authority } = emulator.defaults
  return createPublicClient({ clientId, authority, fetch: emulator.fetch })
}

test('a federated user signs in with a password, and silently after that', async () => {
  const client = create()
  const { account } = await acquireTokenByUsernamePassword(client, {
    username,
    password,
    scopes,
    federation: wsTrust(),
  })
  expect(account).toMatchObject({ username })
  expect(await acquireTokenSilent(client, { scopes, account })).toMatchObject({ source: 'cache' })
  expect(await acquireTokenSilent(client, { scopes, account, forceRefresh: true })).toMatchObject({
    source: 'identity_provider',
  })
})

test('a wrong password is refused by the provider, once, and is in no message', async () => {
  const call = acquireTokenByUsernamePassword(create(), {
    username,
    password: 'not-the-password',
    scopes,
    federation: wsTrust(),
  })
  await expect(call).rejects.toMatchObject({ code: 'invalid_grant' })
  await expect(call).rejects.not.toMatchObject({ message: expect.stringContaining('not-the-password') as string })
  expect(emulator.requests.filter(({ url }) => url.includes('usernamemixed'))).toHaveLength(1)
})
