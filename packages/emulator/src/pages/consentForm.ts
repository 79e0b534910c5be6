import { html } from 'hono/html'
import type { App } from '../App.js'
import type { Interaction } from '../interaction/Interaction.js'
import type { AskedPermissions, Step } from '../interaction/nextStep.js'
import { buttons, nameOf, who } from './controls.js'
import type { Markup } from './page.js'

/**
 * Writes the page where a person allows or refuses what an app asks for.
 *
 * @param interaction What is asked.
 * @param step The permissions.
 * @returns The page's content.
 */
export function consentForm(
  interaction: Interaction,
  step: Extract<Step, { readonly kind: 'consent' | 'approval' }>,
): Markup {
  return html`${who(step.user)}
    <p><strong>${nameOf(interaction.request.client)}</strong> would like to:</p>
    ${permissionList(step.openid, step.asked)}
    ${
      step.user.isAdmin
        ? html`<label class="check"
            ><input type="checkbox" name="everybody" value="1" /> Accept for everybody in the organisation</label
          >`
        : ''
    }
    ${buttons('Accept', 'cancel')}`
}

const openidDescriptions: readonly (readonly [string, string])[] = [
  ['openid', 'Sign you in'],
  ['profile', 'See your name and your username'],
  ['email', 'See your e-mail address'],
  ['offline_access', 'Keep the access that you allow while you are away'],
]

/**
 * Lists permissions as sentences.
 *
 * @param openid The OpenID scopes.
 * @param asked The permissions of APIs.
 * @returns The list.
 */
export function permissionList(openid: ReadonlySet<string>, asked: readonly AskedPermissions[]): Markup {
  const lines = asked.flatMap(({ api, names }) => names.map((name) => permission(api, name)))
  const others = openidDescriptions.filter(([name]) => openid.has(name))
  return html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)} ${others.map(([, text]) => html`<li>${text}</li>`)}
  </ul>`
}

function permission(api: App, name: string): Markup {
  const description = api.scopes?.find(({ value }) => value === name)?.description
  return html`${description ?? name} <small>${nameOf(api)}: ${name}</small>`
}
