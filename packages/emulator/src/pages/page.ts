import { html, raw } from 'hono/html'
import { randomBase64url } from '../randomBase64url.js'
import { stylesheet } from './stylesheet.js'

/** Something that is safe to put into a page as it is. */
export type Markup = ReturnType<typeof html>

/** A page of the emulator. */
export interface Page {
  /** What the window is called. */
  readonly title: string
  readonly body: Markup
  /** A script of the emulator's own, without anything of the request in it. */
  readonly script?: string | undefined
  /** @default 200 */
  readonly status?: number | undefined
  readonly cookie?: string | undefined
  /** It cuts itself off from the page that opened it. */
  readonly coop: boolean
}

/**
 * Answers a page that no other page can frame, and that runs no script and loads nothing but its own.
 *
 * @param page The page.
 * @returns The response.
 */
export async function pageResponse(page: Page): Promise<Response> {
  const nonce = randomBase64url(16)
  const content = await html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${raw(stylesheet)}
        </style>
      </head>
      <body>
        <main>${page.body}</main>
        <footer>Latchkey emulator: not Microsoft, and no place for real passwords</footer>
        ${
          page.script === undefined
            ? ''
            : html`<script nonce="${nonce}">
                ${raw(page.script)}
              </script>`
        }
      </body>
    </html> `
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    ...(page.script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return new Response(String(content), {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      ...(page.coop ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
      ...(page.cookie === undefined ? {} : { 'set-cookie': page.cookie }),
    },
  })
}
