import open from 'open'
import process from 'node:process'

/**
 * Opens the system's browser where a person sits in front of one; never fails.
 *
 * @param url What to open.
 */
export async function openBrowser(url: string): Promise<void> {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY } = process.env
  const hasDisplay = process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY
  if (!process.stdout.isTTY || CI || SSH_CONNECTION || !hasDisplay) return
  try {
    const browser = await open(url)
    browser.on('error', () => {})
  } catch {
    // The address is printed in any case.
  }
}
