/**
 * Names the resource of a scope, as Azure Cloud Shell wants it.
 *
 * @param scope A scope.
 * @returns The resource.
 */
export function cloudShellResource(scope: string): string {
  // Two scopes that are resources themselves.
  for (const known of [
    'https://analysis.windows.net/powerbi/api',
    'https://pas.windows.net/CheckMyAccess/Linux/.default',
  ])
    if (scope.startsWith(known)) return known
  const [, guid] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/\.default$/i.exec(scope) ?? []
  // A doubled slash belongs to a resource that ends with one.
  const [, origin, doubled] = /^([a-z][\w+.-]*:\/\/[^/]+)(\/(?=\/))?/i.exec(scope) ?? []
  return guid ?? (origin ? `${origin}${doubled ?? ''}` : scope)
}
