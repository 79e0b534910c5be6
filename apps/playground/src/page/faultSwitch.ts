const address = '/.emulator/faults'

/**
 * Switches the emulator's fault on, and every other one off.
 *
 * @param fault As the emulator takes it; `undefined` for none.
 * @throws {Error} when the emulator does not take it.
 */
export async function setFault(fault: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  await fetch(address, { method: 'DELETE' })
  if (!fault) return
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  if (!response.ok) throw new Error(((await response.json()) as { error: string }).error)
}
