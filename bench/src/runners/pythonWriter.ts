import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

const program = `
import json, sys
from msal_extensions import FilePersistence, PersistedTokenCache
task = json.load(sys.stdin)
cache = PersistedTokenCache(FilePersistence(task["path"]))
for token in task["tokens"]:
    entity = {"credential_type": "AccessToken", "secret": token.ljust(1536, "x"), "home_account_id": None,
        "environment": "host", "client_id": token, "realm": "tenant", "target": "scope", "expires_on": "9999999999", "cached_at": "1"}
    cache.modify(cache.CredentialType.ACCESS_TOKEN, entity, {"secret": entity["secret"]})
`

/** Debian's, where another is first on PATH. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-W', 'ignore', '-c', 'import msal_extensions']).status === 0,
)

/** Why MSAL Extensions for Python cannot be measured here; nothing where it can. */
export const whyNoPython: string | undefined =
  python === undefined ? 'no python3 has msal-extensions (apt-get install python3-msal-extensions)' : undefined

/**
 * Keeps tokens by MSAL Extensions for Python, in a process of its own.
 *
 * @param path The file.
 * @param tokens What to keep, one after the other.
 */
export async function startPythonWriter(path: string, tokens: readonly string[]): Promise<void> {
  const child = spawn(python!, ['-W', 'ignore', '-c', program], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(JSON.stringify({ path, tokens }))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`Python ended with ${code}`)
}
