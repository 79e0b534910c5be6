import { expect, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { PASSPHRASE } from '../../../packages/certificates/test/passphrase.ts'
import { choose, field, result, run, runs, test } from './pageTest.ts'

/** Its `aes.pfx` belongs to a certificate that the emulator does not know. */
const files = JSON.parse(
  readFileSync(new URL('../../../packages/certificates/test/fixtures/files.json', import.meta.url), 'utf8'),
) as Record<string, string>

const certificate = 'Key and certificate'

async function makeOne(page: Page): Promise<void> {
  await choose(page, 'certificate')
  await page.getByRole('button', { name: 'Make one for the emulator' }).click()
  await expect(field(page, certificate)).toHaveValue(/-----BEGIN PRIVATE KEY-----[^]+-----BEGIN CERTIFICATE-----/)
}

async function openPfx(page: Page, passphrase: string): Promise<void> {
  await choose(page, 'certificate')
  const buffer = Buffer.from(files['aes.pfx'] ?? '', 'base64')
  await page.getByLabel('Open a file').setInputFiles({ name: 'own.pfx', mimeType: 'application/x-pkcs12', buffer })
  await expect(field(page, certificate)).toHaveValue(files['aes.pfx'] ?? '')
  await field(page, 'Passphrase').fill(passphrase)
}

/** What is sent over the network, wherever it goes. */
function watchBodies(page: Page): string[] {
  const bodies: string[] = []
  page.on('request', (request) => bodies.push(request.postData() ?? ''))
  return bodies
}

for (const place of ['in this page', 'on the server'])
  test.describe(place, () => {
    test.beforeEach(({ open }) => choose(open, place))

    test('a certificate gives a token, and the log shows what was signed', async ({ open }) => {
      await makeOne(open)
      const bodies = watchBodies(open)
      const item = await run(open)
      await expect(result(open)).toContainText('from the identity provider')
      await expect(result(open).getByRole('row', { name: 'azpacr' })).toContainText('2')

      await item.locator('.exchange summary').click()
      await expect(item.getByRole('row', { name: /^client_assertion ‹redacted›/ })).toBeVisible()
      await expect(item.getByRole('row', { name: 'client_assertion_type' })).toContainText('jwt-bearer')
      await expect(item.getByRole('row', { name: 'alg' })).toContainText('PS256')
      await expect(item.getByRole('row', { name: 'x5t#S256' })).toBeVisible()
      await expect(item.getByRole('row', { name: 'jti' })).toBeVisible()
      await expect(item.getByRole('row', { name: 'x5c' })).toHaveCount(0)
      const carried = bodies.filter((body) => body.includes('PRIVATE KEY')).length
      expect(carried).toBe(place === 'on the server' ? 1 : 0)
    })

    test('the certificate itself is sent where that is chosen', async ({ open }) => {
      await makeOne(open)
      await open.getByLabel('Sends the certificate too').check()
      const item = await run(open)
      await expect(result(open)).toContainText('from the identity provider')
      await item.locator('.exchange summary').click()
      await expect(item.getByRole('row', { name: 'x5c' })).toContainText('MII')
    })

    test('a certificate that the app does not have is refused, and a PFX is opened', async ({ open }) => {
      await openPfx(open, PASSPHRASE)
      await run(open)
      await expect(result(open)).toContainText('AADSTS700027')
      await expect(result(open)).toContainText('invalid_client')
      expect(await open.content()).not.toContain(PASSPHRASE)
    })

    test('a wrong passphrase is called so, and nothing is asked for', async ({ open }) => {
      await openPfx(open, 'guessed-W7q4')
      const item = await run(open)
      await expect(result(open)).toContainText('TypeError')
      await expect(result(open)).toContainText('Cannot read the PFX: the passphrase is wrong, or the file is damaged')
      await expect(item).toContainText('No request.')
      expect(await open.content()).not.toContain('guessed-W7q4')
    })

    test('what is no certificate is called so', async ({ open }) => {
      await choose(open, 'certificate')
      await run(open)
      await expect(result(open)).toContainText('Cannot use the certificate: expected PEM, or a PFX in base64')
      await field(open, certificate).fill(files['leaf.crt'] ?? '')
      await run(open)
      await expect(result(open)).toContainText('Cannot read the PEM: there is no private key in it')
    })

    test('an assertion of your own is sent as it is, and shown without its signature', async ({ open }) => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const signature = 'made-elsewhere-and-not-to-be-shown'
      const claims = { iss: 'https://issuer.example', sub: 'repo:contoso/things', aud: 'api://AzureADTokenExchange' }
      await choose(open, 'assertion')
      await field(open, 'Client assertion').fill(`${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}.${signature}`)
      const item = await run(open)
      await expect(result(open)).toContainText('AADSTS700021')
      await item.locator('.exchange summary').click()
      await expect(item.getByRole('row', { name: 'sub' })).toContainText('repo:contoso/things')
      expect(await open.content()).not.toContain(signature)

      await field(open, 'Client assertion').fill('')
      await run(open)
      await expect(result(open)).toContainText('Cannot use the client assertion: expected a JWT')
    })
  })

test('the example makes a certificate, and two files are opened as one', async ({ open }) => {
  await open.getByRole('button', { name: 'By certificate' }).click()
  await expect(result(open)).toContainText('from the identity provider')
  const pem = await field(open, certificate).inputValue()
  const [key = '', own = ''] = pem.split(/(?=-----BEGIN CERTIFICATE)/)
  await field(open, certificate).fill('')
  await open.getByLabel('Open a file').setInputFiles([
    { name: 'key.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(key) },
    { name: 'certificate.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(own) },
  ])
  await expect(field(open, certificate)).toHaveValue(/PRIVATE KEY[^]+BEGIN CERTIFICATE/)
  await open.getByRole('button', { name: 'Remove tokens' }).click()
  await expect(runs(open)).toHaveCount(2)
  await run(open)
  await expect(result(open)).toContainText('from the identity provider')
})

test('a file that is no certificate by its size is not opened', async ({ open }) => {
  await choose(open, 'certificate')
  const buffer = Buffer.alloc(1024 * 1024 + 1)
  await open.getByLabel('Open a file').setInputFiles({ name: 'film.pfx', mimeType: 'application/x-pkcs12', buffer })
  await expect(result(open)).toContainText('Cannot open the file: expected at most 1 MiB')
})
