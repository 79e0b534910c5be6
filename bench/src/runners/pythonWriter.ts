import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { authority, clientId } from './tokenOf.js'

const program = `
import json, sys
from msal import ConfidentialClientApplication
from msal_extensions import FilePersistence, PersistedTokenCache

class Response:
    status_code = 200
    headers = {}
    def __init__(self, content):
        self.text = json.dumps(content)
    def raise_for_status(self):
        pass

class Network:
    def get(self, url, **kwargs):
        host = "https://login.microsoftonline.com/tenant"
        return Response({"issuer": host, "authorization_endpoint": host, "token_endpoint": host})
    def post(self, url, data=None, **kwargs):
        token = (data["scope"] + " ").ljust(1536, "x")
        return Response({"token_type": "Bearer", "expires_in": 86399, "access_token": token})
    def close(self):
        pass

task = json.load(sys.stdin)
app = ConfidentialClientApplication(task["clientId"], client_credential="secret", authority=task["authority"],
    token_cache=PersistedTokenCache(FilePersistence(task["path"])), http_client=Network())
for scope in task["scopes"]:
    if "access_token" not in app.acquire_token_for_client([scope]):
        sys.exit("There is no token")
`

/** Debian's, where another is first on PATH. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-W', 'ignore', '-c', 'import msal_extensions']).status === 0,
)

/** Why MSAL Extensions for Python cannot be measured here; nothing where it can. */
export const whyNoPython: string | undefined =
  python === undefined ? 'no python3 has msal-extensions (apt-get install python3-msal-extensions)' : undefined

/**
 * Gets tokens with MSAL Python, one after the other, and keeps them by its extensions, in a process of its own.
 *
 * @param path The file.
 * @param scopes What the tokens are for.
 */
export async function startPythonWriter(path: string, scopes: readonly string[]): Promise<void> {
  const child = spawn(python!, ['-W', 'ignore', '-c', program], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(JSON.stringify({ path, scopes, clientId, authority }))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`Python ended with ${code}`)
}
