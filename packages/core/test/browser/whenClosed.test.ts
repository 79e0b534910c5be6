import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whenClosed } from '../../src/browser/whenClosed.js'

const opened = { closed: false }
const page = { focused: true }
const closed = vi.fn()
let watch: ReturnType<typeof setInterval> | undefined

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hasFocus: () => page.focused })
  closed.mockClear()
  opened.closed = false
  page.focused = true
  watch = whenClosed(opened as Window, closed)
  after(3000, { focused: false }) // the window has it
})
afterEach(() => {
  clearInterval(watch)
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Lets time pass after a change. */
function after(milliseconds: number, { focused = page.focused, isClosed = opened.closed } = {}): void {
  page.focused = focused
  opened.closed = isClosed
  vi.advanceTimersByTime(milliseconds)
}

test('an open window is never closed, whoever has the focus', () => {
  after(600_000)
  after(600_000, { focused: true })
  expect(closed).not.toHaveBeenCalled()
})

test('a window that goes and gives the focus back is closed, a second later', () => {
  after(500, { isClosed: true, focused: true })
  expect(closed).not.toHaveBeenCalled()
  after(1000)
  expect(closed).toHaveBeenCalled()
})

test('the focus may come a little later', () => {
  after(500, { isClosed: true })
  after(1000, { focused: true })
  expect(closed).toHaveBeenCalled()
})

test('a window that goes and keeps the focus has cut the tie: it is open', () => {
  after(600_000, { isClosed: true })
  expect(closed).not.toHaveBeenCalled()
})

test('who looks at the page while the tie is cut has time', () => {
  after(5000, { isClosed: true })
  for (let times = 0; times < 5; times++) {
    after(14_000, { focused: true })
    after(500, { focused: false })
  }
  expect(closed).not.toHaveBeenCalled()
  after(16_000, { focused: true })
  expect(closed).toHaveBeenCalled()
})

test('a tie that is cut while the person looks at the page gives them time, too', () => {
  after(1000, { focused: true })
  after(14_000, { isClosed: true })
  expect(closed).not.toHaveBeenCalled()
  after(2000)
  expect(closed).toHaveBeenCalled()
})

test('what happened while the browser had stopped the page is not known', () => {
  clearInterval(watch)
  watch = whenClosed(opened as Window, closed)
  after(1000)
  // Phones stop pages that are not seen: no look for a minute, and then everything at once.
  vi.setSystemTime(Date.now() + 60_000)
  vi.spyOn(performance, 'now').mockImplementation(Date.now)
  after(3000, { isClosed: true, focused: true })
  expect(closed).not.toHaveBeenCalled()
  after(14_000)
  expect(closed).toHaveBeenCalled()
})
