/** Letters and digits only, so that it makes no difference how often a text was escaped for a URL or for JSON. */
const bare = (text: string): string => text.replace(/(%(25)*|\\u..)\w\w|\W|_/g, '')

/**
 * Takes out of an answer what repeats a secret of the request: a server, or a proxy in front of it, may echo what it was sent.
 *
 * @param text The answer.
 * @param form The request's fields.
 * @returns The answer as JSON, `***` in place of each text that has a secret in it; empty where it is no JSON.
 */
export function redact(text: string, form: Readonly<Record<string, string>>): string {
  const secrets = Object.entries(form)
    // `client_secret`, `code_verifier`, `assertion`, `refresh_token` …
    .map(([name, value]) => (/secret|password|code|assertion|token$/.test(name) ? bare(value) : ''))
    // A short one ("secret", "client-secret") may be just a word of the answer, and no real one is that short.
    .filter((secret) => secret[12])
  try {
    return JSON.stringify(
      JSON.parse(text, (_name, value: unknown) =>
        secrets.some((secret) => bare(`${value}`).includes(secret)) ? '***' : value,
      ),
    )
  } catch {
    return ''
  }
}
