import { countdown } from './duration.js'
import { element } from './element.js'

/** Latchkey hands out no token with less time left than this, in ms. */
const margin = 300_000

let minutesAhead = 0

/**
 * Sets the clock that lives are counted by.
 *
 * @param minutes How far the client's clock is ahead.
 */
export function setClockAhead(minutes: number): void {
  minutesAhead = minutes
  tick()
}

/** Keeps every life on the page up to date, once a second. */
export function startClock(): void {
  setInterval(tick, 1000)
}

/**
 * Shows a token's life: how much is left, as a bar, and what Latchkey does with it.
 *
 * @param expiresOn In ms since the epoch.
 * @param refreshOn In ms since the epoch, where the server advised a refresh.
 * @param since When it was cached, in ms since the epoch, where known.
 * @returns An element that counts down by itself while it is in the page.
 */
export function tokenLife(expiresOn: number, refreshOn?: number, since?: number): HTMLElement {
  const life = element(
    'div',
    { class: 'life', 'data-expires-on': expiresOn, 'data-refresh-on': refreshOn, 'data-since': since },
    element('span', { class: 'left' }),
    element('span', { class: 'state' }),
    element('span', { class: 'bar', 'aria-hidden': 'true' }, element('span')),
  )
  update(life)
  return life
}

function tick(): void {
  for (const life of document.querySelectorAll<HTMLElement>('.life')) update(life)
}

function update(life: HTMLElement): void {
  const { expiresOn, refreshOn, since } = life.dataset
  const now = Date.now() + minutesAhead * 60_000
  const left = Number(expiresOn) - now
  const isDue = refreshOn !== undefined && Number(refreshOn) < now
  const [state, text] =
    left <= 0
      ? ['expired', 'expired']
      : left < margin
        ? ['expired', 'under 5 minutes: not handed out']
        : isDue
          ? ['due', 'due for refresh']
          : ['fresh', refreshOn ? `refresh due in ${countdown(Number(refreshOn) - now)}` : 'good']
  life.dataset['state'] = state
  const [leftText, stateText, bar] = life.children as unknown as HTMLElement[]
  leftText!.textContent = left > 0 ? `expires in ${countdown(left)}` : `${countdown(left)} ago`
  stateText!.textContent = text
  const whole = Number(expiresOn) - Number(since ?? Number(expiresOn) - 3_600_000)
  ;(bar!.firstElementChild as HTMLElement).style.inlineSize = `${Math.min(100, Math.max(0, (left / whole) * 100))}%`
}
