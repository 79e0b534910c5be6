/**
 * Fills in a template: `$name` and `${name}` become values, `$$` a dollar sign; names without a value stay as they are.
 *
 * @param template A text; where it starts with `<` it is HTML, and the values are escaped.
 * @param values The values.
 * @returns The page.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const write = template.startsWith('<') ? escapeHtml : (value: string) => value
  return template.replace(/\$(?:\$|([a-z_]\w*)|\{([a-z_]\w*)\})/gi, (all, plain?: string, braced?: string) => {
    const name = plain ?? braced
    if (name === undefined) return '$'
    return Object.hasOwn(values, name) ? write(values[name]!) : all
  })
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
