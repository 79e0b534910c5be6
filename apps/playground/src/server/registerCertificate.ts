import { createCertificate, type Emulator } from '@latchkey/emulator'

/**
 * Makes a certificate, and registers it with the emulator's default app, besides those that it has.
 *
 * @param emulator The emulator.
 * @returns The private key and the certificate, in PEM.
 * @throws {Error} when the default app is gone.
 */
export async function registerCertificate({ directory, defaults }: Emulator): Promise<string> {
  const { privateKey, certificate } = await createCertificate('Latchkey playground')
  const app = directory.apps.get(defaults.clientId)
  if (!app) throw new Error('Cannot register a certificate: the emulator has no default app')
  directory.addApp({ ...app, certificates: [...(app.certificates ?? []), certificate] })
  return `${privateKey.trimEnd()}\n${certificate}`
}
