import { isAuthError } from '@latchkey/core'
import { fillTemplate } from './fillTemplate.js'
import { ERROR_PAGE, SUCCESS_PAGE } from './pages.js'
import type { Page } from './sendPage.js'

/** What no page holds, whatever its template says. */
const SECRET = new Set(['code', 'state', 'client_info', 'id_token', 'access_token', 'refresh_token'])

/**
 * Makes the page that ends a sign-in.
 *
 * @param templates The templates, where there are any.
 * @param response The parameters of the authorization response.
 * @param error Why there is no token; absent where there is one.
 * @returns The page.
 */
export function resultPage(
  templates: { readonly successTemplate?: string | undefined; readonly errorTemplate?: string | undefined },
  response: Readonly<Record<string, string>> = {},
  error?: unknown,
): Page {
  const { successTemplate = SUCCESS_PAGE, errorTemplate = ERROR_PAGE } = templates
  const shown = Object.fromEntries(Object.entries(response).filter(([name]) => !SECRET.has(name)))
  if (error === undefined) return { status: 200, body: fillTemplate(successTemplate, shown) }
  return { status: 400, body: fillTemplate(errorTemplate, { ...reasonOf(error), ...shown }) }
}

/** Of an error that is not ours, nobody knows what its message holds. */
function reasonOf(error: unknown): Record<string, string> {
  if (!isAuthError(error)) return { error: 'failed', error_description: 'The application says why', error_uri: '' }
  const { error: said = error.code, errorDescription = error.message } = error
  return { error: said, error_description: errorDescription, error_uri: '' }
}
