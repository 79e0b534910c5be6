/**
 * Tells a listener, in a turn of its own: one that throws must not break a sign-in.
 *
 * @param listener Who is told; nobody where there is none.
 * @param args What.
 */
export function report<Report extends unknown[]>(
  listener: ((...report: Report) => void) | undefined,
  ...args: Report
): void {
  if (listener) void Promise.resolve(args).then((report) => listener(...report))
}
