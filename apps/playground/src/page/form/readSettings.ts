import { cacheNames } from '../../scenario/cacheNames.js'
import type { CredentialSettings } from '../../scenario/CredentialSettings.js'
import type { Settings } from '../../scenario/Settings.js'
import type { EmulatorDefaults } from '../emulatorDefaults.js'
import { find } from '../find.js'
import { readForm } from './readForm.js'

/**
 * Reads the settings of a run.
 *
 * @param form The form.
 * @param defaults Of the emulator.
 * @returns The settings.
 */
export function readSettings(form: HTMLFormElement, defaults: EmulatorDefaults): Settings {
  const value = readForm(form)
  const isOwn = value('authority') === 'own'
  const { origin } = new URL(defaults.authority)
  const tenants: Readonly<Record<string, string>> = {
    id: defaults.authority,
    domain: `${origin}/contoso.com`,
    fabrikam: `${origin}/fabrikam.onmicrosoft.com`,
    unknown: `${origin}/00000000-1111-2222-3333-444444444444`,
    own: value('ownAuthority'),
  }
  return {
    emulated: !isOwn,
    authority: tenants[value('authority')] ?? '',
    clientId: value(isOwn ? 'ownClientId' : 'clientId'),
    credential: readCredential(form),
    scopes: value('scope').split(/\s+/).filter(Boolean),
    claims: value('claims'),
    cache: cacheNames.find((name) => name === value('cache')) ?? 'memory',
    capabilities: value('cp1') ? ['CP1'] : [],
    timeout: Number(value('timeout')),
    maxRetries: Number(value('maxRetries')),
    region: value('region'),
    minutesAhead: Number(value('minutesAhead')),
    calls: Number(value('calls')),
  }
}

function readCredential(form: HTMLFormElement): CredentialSettings {
  const value = readForm(form)
  switch (value('credential')) {
    case 'certificate':
      return {
        kind: 'certificate',
        file: value('certificate'),
        // A space at its end is a part of it.
        passphrase: find('[name=passphrase]', HTMLInputElement, form).value,
        sendX5c: value('sendX5c') !== '',
      }
    case 'assertion':
      return { kind: 'assertion', assertion: value('assertion') }
    default:
      return { kind: 'secret', secret: value(value('authority') === 'own' ? 'ownClientSecret' : 'clientSecret') }
  }
}
