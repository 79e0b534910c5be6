// Runs certificate.ts with the same certificate as PEM and as PFX, against the emulator.
import { createCertificate, createEmulator, serve } from '@latchkey/emulator'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import forge from 'node-forge'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const passphrase = 'only for this run'
const { privateKey, certificate } = await createCertificate()
const emulator = createEmulator()
const { clientId, domain, scope } = emulator.defaults
const app = emulator.directory.apps.get(clientId)
if (!app) throw new Error('Cannot run: the emulator has no default app')
// No secret is left: only the certificate can be what gives the token.
emulator.directory.addApp({ ...app, secrets: [], certificates: [certificate] })

const { url, close } = await serve(emulator)
const folder = await mkdtemp(join(tmpdir(), 'latchkey-certificate-'))
try {
  for (const [name, content] of [
    ['app.pem', privateKey + certificate],
    ['app.pfx', pfx()],
  ] as const) {
    console.log(`${name}:`)
    const file = join(folder, name)
    await writeFile(file, content, { mode: 0o600 })
    const program = spawn(process.execPath, [fileURLToPath(new URL('certificate.ts', import.meta.url))], {
      stdio: 'inherit',
      env: {
        ...process.env,
        CLIENT_ID: clientId,
        CERTIFICATE_FILE: file,
        CERTIFICATE_PASSPHRASE: passphrase,
        AUTHORITY: `${url}/${domain}`,
        SCOPE: scope,
        API: `${url}/resource`,
      },
    })
    const [code] = (await once(program, 'exit')) as [number | null]
    if (code !== 0) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
  await close()
}

function pfx(): Uint8Array {
  const { asn1, pki, pkcs12 } = forge
  const key = pki.privateKeyFromPem(privateKey)
  const file = pkcs12.toPkcs12Asn1(key, pki.certificateFromPem(certificate), passphrase, { algorithm: 'aes256' })
  return Buffer.from(asn1.toDer(file).getBytes(), 'latin1')
}
