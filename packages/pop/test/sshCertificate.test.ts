import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { acquireTokenForClient, clientSecret, createConfidentialClient } from '@latchkey/core'
import { createEmulator } from '@latchkey/emulator'
import { sshCertificate } from '@latchkey/pop'

function setUp(fetch?: typeof globalThis.fetch) {
  const emulator = createEmulator()
  const { authority, clientId, clientSecret: secret, scope } = emulator.defaults
  const client = createConfidentialClient({
    ...{ authority, clientId, credential: clientSecret(secret), fetch: fetch ?? emulator.fetch, maxRetries: 0 },
  })
  return { client, scopes: [scope], clientId, emulator }
}
const createKey = async () => exportJWK((await generateKeyPair('RS256', { extractable: true })).publicKey)

test('a certificate is for its key, and another key gets its own', async () => {
  const { client, scopes } = setUp()
  const [one, two] = [
    sshCertificate({ publicKey: await createKey() }),
    sshCertificate({ publicKey: await createKey() }),
  ]
  const first = await acquireTokenForClient(client, { scopes, scheme: one })
  expect(first).toMatchObject({ tokenType: 'ssh-cert', source: 'identity_provider' })
  expect(first.accessToken).toMatch(/^AAAA/)
  expect(await acquireTokenForClient(client, { scopes, scheme: one })).toMatchObject({ source: 'cache' })
  expect((await acquireTokenForClient(client, { scopes, scheme: two })).accessToken).not.toBe(first.accessToken)
})

test('the request names the key as the Azure CLI does', async () => {
  const { n, e } = await createKey()
  const scheme = sshCertificate({ publicKey: { kty: 'RSA', n, e, d: 'secret' }, keyId: 'K' } as never)
  const { parameters } = await scheme.bind({ method: 'POST', url: 'https://x/', keyId: 'K' })
  expect(parameters).toEqual({
    ...{ token_type: 'ssh-cert', key_id: 'K', req_cnf: JSON.stringify({ kty: 'RSA', n, e, kid: 'K' }) },
  })
  await expect(scheme.authorize({ method: 'GET', url: 'https://x/' }, 'AAAA')).rejects.toBeInstanceOf(TypeError)
})

test('what is no certificate is refused, and not kept', async () => {
  let answers = 0
  const { client, scopes } = setUp(async () => {
    answers++
    return Response.json({ token_type: 'ssh-cert', expires_in: 3600, access_token: 'eyJ' })
  })
  const scheme = sshCertificate({ publicKey: await createKey() })
  for (let round = 1; round < 3; round++) {
    await expect(acquireTokenForClient(client, { scopes, scheme })).rejects.toMatchObject({ code: 'invalid_response' })
    expect(answers).toBe(round)
  }
})

test('OpenSSH reads the certificate', async (context) => {
  const { client, scopes, clientId } = setUp()
  if (spawnSync('ssh-keygen', ['-?']).error) {
    console.log('skipped, there is no ssh-keygen here')
    context.skip('there is no ssh-keygen here')
  }
  const { accessToken } = await acquireTokenForClient(client, {
    ...{ scopes, scheme: sshCertificate({ publicKey: await createKey(), keyId: 'K' }) },
  })
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-ssh-'))
  try {
    writeFileSync(join(folder, 'key-cert.pub'), `ssh-rsa-cert-v01@openssh.com ${accessToken}\n`)
    const { stdout } = spawnSync('ssh-keygen', ['-L', '-f', join(folder, 'key-cert.pub')], { encoding: 'utf8' })
    expect(stdout).toContain('Key ID: "K"')
    expect(stdout).toContain(clientId)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
