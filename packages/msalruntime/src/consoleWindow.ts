/** As `parentWindow`: the window that the program's console is in; for programs without a window of their own. */
export const consoleWindow: unique symbol = Symbol.for('@latchkey/consoleWindow')
