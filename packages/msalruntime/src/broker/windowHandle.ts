import { expect } from '@latchkey/core/internal'
import { consoleWindow } from '../consoleWindow.js'
import type { WindowHandle } from '../MsalRuntime.js'

const wanted = 'a native window handle (Uint8Array, bigint, number, "0x…" or base64), or consoleWindow'

/**
 * Reads a window handle in any of the forms in which programs have it.
 *
 * @param parentWindow What the app gave: the bytes of Electron's `getNativeWindowHandle()`, those in base64, or a number.
 * @returns The handle; `undefined` for {@link consoleWindow}.
 * @throws {TypeError} when it is none.
 */
export function windowHandle(parentWindow: unknown): WindowHandle | undefined {
  if (parentWindow === consoleWindow) return undefined
  const handle = toHandle(parentWindow)
  expect(handle !== undefined && handle > 0n && handle < 2n ** 64n, 'parentWindow', wanted)
  return BigInt.asIntN(64, handle)
}

function toHandle(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value === 'string') {
    if (/^0x[0-9a-f]{1,16}$/i.test(value)) return BigInt(value)
    return /^([a-z\d+/]{6}==|[a-z\d+/]{11}=)$/i.test(value) ? toHandle(Buffer.from(value, 'base64')) : undefined
  }
  if (!(value instanceof Uint8Array) || ![4, 8].includes(value.length)) return undefined
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  return value.length === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true)
}
