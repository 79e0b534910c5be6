import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

const prelude = `
import json, sys, urllib.parse
import requests, msal
served, defaults, arguments = json.load(sys.stdin)
session = requests.Session()
session.trust_env = False

class Http:
    """Sends what is meant for any host to the emulator, under that host's name."""
    def _send(self, method, url, params=None, data=None, headers=None, **rest):
        parts = urllib.parse.urlsplit(url)
        target = served + parts.path + ("?" + parts.query if parts.query else "")
        return session.request(method, target, params=params, data=data,
            headers=dict(headers or {}, **{"Host": parts.netloc, "X-Forwarded-Proto": "https"}), allow_redirects=False)
    def get(self, url, **rest): return self._send("GET", url, **rest)
    def post(self, url, **rest): return self._send("POST", url, **rest)
    def close(self): pass

def control(action, **body):
    response = session.post(served + "/.emulator/" + action, json=body)
    if response.status_code >= 400: raise RuntimeError(response.text)
    return response.json() if response.text else None

http = Http()
scopes = [defaults["userScope"]]
def public(client_id=defaults["publicClientId"], **rest):
    return msal.PublicClientApplication(client_id, authority=defaults["authority"], http_client=http, **rest)
def confidential(**rest):
    return msal.ConfidentialClientApplication(defaults["clientId"], client_credential=defaults["clientSecret"],
        authority=defaults["authority"], http_client=http, **rest)
def sign_in(app, scopes=scopes, redirect_uri="http://localhost:7000", username=defaults["username"], **rest):
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=redirect_uri, **rest)
    answer = control("sign-in", authUri=flow["auth_uri"], username=username)
    return app.acquire_token_by_auth_code_flow(flow, answer["response"])
def say(result): print(json.dumps(result))
`

/** The Python that has MSAL, and its version. */
export const msalPython = ['/usr/bin/python3', 'python3'].flatMap((command) => {
  const { status, stdout } = spawnSync(command, ['-c', 'import msal; print(msal.__version__)'], { encoding: 'utf8' })
  return status === 0 ? [{ command, version: stdout.trim() }] : []
})[0]

/**
 * Runs a program with MSAL Python against a served emulator.
 *
 * @returns The JSON that the program said.
 */
export async function runMsalPython(program: string, input: readonly [url: string, defaults: object, more?: unknown]) {
  const child = spawn(msalPython!.command, ['-W', 'ignore', '-c', `${prelude}\n${program}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(JSON.stringify([input[0], input[1], input[2] ?? null]))
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Record<string, unknown>
}
