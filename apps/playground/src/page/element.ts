/**
 * Makes an element; text is always text, never markup.
 *
 * @param name The tag.
 * @param attributes Its attributes; `true` stands for an empty one, `false` and `undefined` for none.
 * @param children Elements and text; `undefined` is left out.
 * @returns The element.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  made.append(...children.filter((child) => child !== undefined))
  return made
}
