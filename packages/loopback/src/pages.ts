const page = (title: string, colour: string, icon: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9aa4af; --line: #30363d }
}
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 32rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 0.75rem }
svg { display: block; width: 3rem; height: 3rem; margin-bottom: 1rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
p { margin-top: 0.75rem; overflow-wrap: anywhere; white-space: pre-line }
p:empty { display: none }
.quiet { color: var(--quiet); font-size: 0.875rem }
</style>
</head>
<body>
<main>
<svg viewBox="0 0 48 48" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" aria-hidden="true"><circle
 cx="24" cy="24" r="24" fill="${colour}" stroke="none"/><path d="${icon}"/></svg>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`

/** What is shown after a sign-in. */
export const SUCCESS_PAGE: string = page(
  'You are signed in',
  '#1a7f37',
  'M14 25l7 7 13-15',
  '<p>You can close this window and go back to the application.</p>',
)

/** What is shown after a failure. */
export const ERROR_PAGE: string = page(
  'You are not signed in',
  '#cf222e',
  'M16 16l16 16M32 16l-16 16',
  `<p>$error_description</p>
<p class="quiet">$error</p>
<p class="quiet">$error_uri</p>
<p>You can close this window and try again in the application.</p>`,
)
