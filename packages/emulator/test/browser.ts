import type { Emulator } from '@latchkey/emulator'

/** A page as a person sees it: its text and its forms. */
export interface SeenPage {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  readonly title: string
  /** The texts of its buttons. */
  readonly buttons: readonly string[]
  /** Where a redirect points, or a form posts that submits itself. */
  readonly location?: string | undefined
  /** The parameters of the response to an app. */
  readonly response: Readonly<Record<string, string>>
  /** Presses the button of that text, with the fields filled in. */
  press(button: string, fields?: Readonly<Record<string, string>>): Promise<SeenPage>
}

/** A browser without scripts: it keeps cookies, and submits forms as HTML says. */
export function createBrowser(emulator: Pick<Emulator, 'fetch'>) {
  const cookies = new Map<string, string>()

  async function go(url: string, init: RequestInit = {}): Promise<SeenPage> {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '))
    const response = await emulator.fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (/max-age=0/i.test(cookie)) cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return read(url, response)
  }

  async function read(url: string, response: Response): Promise<SeenPage> {
    const html = await response.text()
    const location = response.headers.get('location') ?? undefined
    const isFormPost = html.includes('document.forms[0].submit()')
    const action = isFormPost ? unescape(/<form method="post" action="([^"]*)"/.exec(html)![1]!) : undefined
    const answered = location === undefined ? undefined : new URL(location)
    const parameters = isFormPost
      ? Object.entries(hiddenFields(html))
      : [...(answered?.searchParams ?? []), ...new URLSearchParams(answered?.hash.slice(1) ?? '')]
    return {
      status: response.status,
      headers: response.headers,
      html,
      title: unescape(/<title>([^<]*)/.exec(html)?.[1] ?? ''),
      buttons: readButtons(html).map(({ text }) => text),
      location: location ?? action,
      response: Object.fromEntries(parameters),
      press(button, fields = {}) {
        const pressed = readButtons(html).find(({ text }) => text.includes(button))
        if (!pressed) throw new Error(`No button "${button}" on "${html}"`)
        const body = new URLSearchParams({ ...hiddenFields(html), ...fields })
        if (pressed.choice !== undefined) body.set('choice', pressed.choice)
        const target = unescape(/<form method="post" action="([^"]*)"/.exec(html)![1]!)
        return go(new URL(target, url).href, { method: 'POST', body })
      },
    }
  }

  return { go, cookies }
}

function hiddenFields(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries(Array.from(inputs, ([, name, value]) => [unescape(name!), unescape(value!)]))
}

function readButtons(html: string): { readonly text: string; readonly choice?: string | undefined }[] {
  return Array.from(html.matchAll(/<button([^>]*)>(.*?)<\/button>/gs), ([, attributes, content]) => ({
    text: unescape(content!.replace(/<[^>]*>/g, ' ')).trim(),
    choice: /value="([^"]*)"/.exec(attributes!)?.[1],
  }))
}

function unescape(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' }
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name?: string) =>
    code ? String.fromCodePoint(Number(code)) : (names[name ?? ''] ?? whole),
  )
}
