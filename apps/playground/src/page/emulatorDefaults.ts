/** What the emulator's default app needs for its first token. */
export interface EmulatorDefaults {
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
