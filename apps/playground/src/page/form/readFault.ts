import { readForm } from './readForm.js'

/**
 * Reads the fault that a run shall meet.
 *
 * @param form The form.
 * @returns The fault as the emulator takes it; `undefined` for none.
 */
export function readFault(form: HTMLFormElement): Record<string, unknown> | undefined {
  const value = readForm(form)
  const fault = value('fault')
  if (fault === 'none' || value('authority') === 'own') return undefined
  const retryAfter = value('retryAfter')
  return {
    match: '/oauth2/v2.0/token',
    ...(value('times') === 'first' && { times: 1 }),
    ...(/^\d+$/.test(fault)
      ? { status: Number(fault), ...(retryAfter && { retryAfter: Number(retryAfter) }) }
      : { kind: fault }),
    ...(fault === 'slow' && { delay: Number(value('delay')) }),
    ...(fault === 'clock-skew' && { seconds: 3600 }),
  }
}
