/**
 * Has a certificate made, and registered with the emulator's default app.
 *
 * @returns Its private key and itself, in PEM.
 * @throws {Error} when the server does not answer so.
 */
export async function makeCertificate(): Promise<string> {
  const response = await fetch('/api/certificate', { method: 'POST' })
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`)
  return response.text()
}
