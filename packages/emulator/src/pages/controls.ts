import { html } from 'hono/html'
import type { App } from '../App.js'
import type { User } from '../User.js'
import type { Markup } from './page.js'

/**
 * Writes a field with its label.
 *
 * @param name What the form calls it.
 * @param label What the page calls it.
 * @param type `text`, `email` or `password`.
 * @param options How browsers fill it in.
 * @returns The field.
 */
export function field(
  name: string,
  label: string,
  type: string,
  options: { readonly autocomplete: string; readonly value?: string | undefined; readonly isOptional?: boolean },
): Markup {
  // An e-mail field would refuse usernames that the directory has.
  return html`<label
    >${label}
    <input
      name="${name}"
      type="${type === 'email' ? 'text' : type}"
      inputmode="${type === 'email' ? 'email' : 'text'}"
      autocomplete="${options.autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      value="${options.value ?? ''}"
      ${options.isOptional ? '' : html`required autofocus`}
    />
  </label>`
}

/**
 * Writes the buttons of a form. The first one is the one that the Enter key presses.
 *
 * @param text What the button that goes on says.
 * @param other What the other one does.
 * @returns The buttons.
 */
export function buttons(text: string, other: 'cancel' | 'back'): Markup {
  const label = other === 'cancel' ? 'Cancel' : 'Back'
  return html`<div class="row">
    <button type="submit">${text}</button>
    <button class="plain" name="choice" value="${other}" formnovalidate>${label}</button>
  </div>`
}

/**
 * Writes whom a page is about.
 *
 * @param user The user.
 * @returns The line.
 */
export function who(user: User): Markup {
  return html`<p class="who">${user.username}</p>`
}

/**
 * Writes whom a password is asked of, for people and for what keeps their passwords.
 *
 * @param user The user.
 * @returns The line, and a field that is not shown.
 */
export function passwordOwner(user: User): Markup {
  return html`${who(user)}<input name="username" value="${user.username}" autocomplete="username" readonly hidden />`
}

/**
 * Names an app.
 *
 * @param app The app.
 * @returns Its name, or its client ID.
 */
export function nameOf(app: App): string {
  return app.name ?? app.clientId
}
