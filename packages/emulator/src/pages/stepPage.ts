import { html } from 'hono/html'
import type { EntraError } from '../EntraError.js'
import type { Service } from '../Exchange.js'
import { findFederation } from '../federation/findFederation.js'
import { hasIdentity } from '../identity.js'
import type { Interaction } from '../interaction/Interaction.js'
import type { Step } from '../interaction/nextStep.js'
import { hasSignUp, mfaCode } from '../interaction/submitStep.js'
import type { User } from '../User.js'
import { consentForm, permissionList } from './consentForm.js'
import { buttons, field, nameOf, passwordOwner, who } from './controls.js'
import type { Markup } from './page.js'

/**
 * Writes the page of a step.
 *
 * @param service The emulator.
 * @param interaction What is asked.
 * @param step What the person has to do.
 * @param error Why the step is shown again.
 * @returns Its title and its body.
 */
export function stepPage(
  service: Service,
  interaction: Interaction,
  step: Step,
  error?: EntraError,
): { readonly title: string; readonly body: Markup } {
  const { client, path } = interaction.request
  const place = path.tenant?.name ?? 'Work, school or personal account'
  const { title, content } = contentOf(service, interaction, step)
  const problem = error
    ? html`<p class="bad" role="alert" id="problem">${error.message} <small>AADSTS${error.number}</small></p>`
    : ''
  return {
    title,
    body: html`<div class="brand">${place}</div>
      <h1>${title}</h1>
      ${step.kind === 'confirm' ? '' : html`<p class="dim">to continue to ${nameOf(client)}</p>`} ${problem}
      <form method="post" action="/common/login" autocomplete="off">
        <input type="hidden" name="ctx" value="${interaction.id}" />
        ${content}
      </form>
      ${step.kind === 'username' ? knownUsers(service, interaction) : ''}`,
  }
}

function contentOf(
  service: Service,
  interaction: Interaction,
  step: Step,
): { readonly title: string; readonly content: Markup } {
  switch (step.kind) {
    case 'pick':
      return { title: 'Pick an account', content: accountList(step.users) }
    case 'create':
      return {
        title: 'Create an account',
        content: html`${field('username', 'E-mail address', 'email', { autocomplete: 'username' })}
        ${field('name', 'Name', 'text', { autocomplete: 'name', isOptional: true })}
        ${field('password', 'Password', 'password', { autocomplete: 'new-password' })} ${buttons('Create', 'back')}`,
      }
    case 'username':
      return {
        title: 'Sign in',
        content: html`${field('username', 'Username', 'email', {
          autocomplete: 'username',
          value: interaction.username,
        })}
        ${buttons('Next', 'cancel')}
        ${
          hasSignUp(interaction)
            ? html`<button class="link" name="choice" value="create" formnovalidate>Create an account</button>`
            : ''
        }`,
      }
    case 'password': {
      const federation = findFederation(service.directory, step.user.username)
      return {
        title: 'Enter password',
        content: html`${passwordOwner(step.user)}
          ${federation ? html`<p class="dim">Your organisation’s own sign-in page (${federation.domain.domain}).</p>` : ''}
          ${field('password', 'Password', 'password', { autocomplete: 'current-password' })}
          ${buttons('Sign in', 'cancel')}
          <button class="link" name="choice" value="other" formnovalidate>Use another account</button>`,
      }
    }
    case 'newPassword':
      return {
        title: 'Update your password',
        content: html`${passwordOwner(step.user)}
          <p>The password has expired.</p>
          ${field('newPassword', 'New password', 'password', { autocomplete: 'new-password' })}
          ${buttons('Sign in', 'cancel')}`,
      }
    case 'mfa':
      return {
        title: 'Enter code',
        content: html`${who(step.user)}
          <p>Nothing is sent to a phone here. The emulator’s code is always <code class="code">${mfaCode}</code></p>
          ${field('code', 'Code', 'text', { autocomplete: 'one-time-code' })} ${buttons('Verify', 'cancel')}`,
      }
    case 'confirm':
      return {
        title: `Sign in to ${nameOf(interaction.request.client)} on another device?`,
        content: html`${who(step.user)}
          <p>Only continue if the device that shows the code is yours.</p>
          ${buttons('Continue', 'cancel')}`,
      }
    case 'consent':
      return { title: 'Permissions requested', content: consentForm(interaction, step) }
    case 'approval':
      return {
        title: 'An administrator must approve',
        content: html`${who(step.user)}
          <p>Only an administrator can allow ${nameOf(interaction.request.client)} this:</p>
          ${permissionList(new Set(), step.asked)}
          <div class="row"><button name="choice" value="cancel">Return to the application</button></div>`,
      }
    case 'done':
    case 'refused':
      return { title: 'Signed in', content: html`` }
  }
}

function accountList(users: readonly User[]): Markup {
  return html`<ul class="accounts">
      ${users.map(
        (user) =>
          html`<li>
            <button name="choice" value="${user.id}">
              <strong>${user.name ?? user.username}</strong>${user.username}
            </button>
          </li>`,
      )}
      <li><button name="choice" value="other">Use another account</button></li>
    </ul>
    <div class="row"><button class="plain" name="choice" value="cancel">Cancel</button></div>`
}

/** An emulator's users are made to be tried. */
function knownUsers({ directory }: Service, { request: { path, client } }: Interaction): Markup {
  const users = Array.from(directory.users.values())
    .filter((user) => hasIdentity(directory, path, client, user))
    .slice(0, 12)
  return html`<details>
    <summary>Who is there to sign in as?</summary>
    <table>
      <tr>
        <th scope="col">Username</th>
        <th scope="col">Password</th>
      </tr>
      ${users.map(
        (user) =>
          html`<tr>
            <td>${user.username}</td>
            <td><code>${user.password ?? ''}</code></td>
          </tr>`,
      )}
    </table>
  </details>`
}
