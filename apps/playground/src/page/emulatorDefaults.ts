/** What the emulator's default apps need for a first token. */
export interface EmulatorDefaults {
  readonly tenantId: string
  readonly publicClientId: string
  readonly username: string
  readonly password: string
  readonly authority: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
}

/**
 * Asks the emulator.
 *
 * @returns Its defaults.
 */
export async function emulatorDefaults(): Promise<EmulatorDefaults> {
  const response = await fetch('/.emulator')
  return ((await response.json()) as { defaults: EmulatorDefaults }).defaults
}
