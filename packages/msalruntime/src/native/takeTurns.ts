/**
 * Makes a queue of one at a time.
 *
 * @returns What runs a function when those before it have ended, and resolves as it does.
 */
export function takeTurns(): <T>(run: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve()
  return (run) => {
    const result = turn.then(run)
    turn = result.catch(() => {})
    return result
  }
}
