import type { Emulator } from '@latchkey/emulator'

/**
 * Registers the page as a single-page app with the emulator, so that people can be sent back to it.
 *
 * @param emulator The emulator.
 * @param origin The page's origin.
 */
export function registerPage({ directory, defaults }: Emulator, origin: string): void {
  const app = directory.apps.get(defaults.publicClientId)
  const uris = ['/people.html', '/receiver.html'].map((path) => `${origin}${path}`)
  const known = app?.redirectUris?.spa ?? []
  if (!app || uris.every((uri) => known.includes(uri))) return
  directory.addApp({ ...app, redirectUris: { ...app.redirectUris, spa: [...new Set([...known, ...uris])] } })
}
