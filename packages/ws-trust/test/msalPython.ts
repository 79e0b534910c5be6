import { spawnSync } from 'node:child_process'

/** Does what it is asked with MSAL Python, and writes documents in one canonical form (C14N 2.0, prefixes renamed). */
const program = `
import io, json, sys
import xml.etree.ElementTree as ET
from msal.mex import Mex
from msal.wstrust_request import _build_rst
from msal.wstrust_response import parse_response

def canonical(xml):
    out = io.StringIO()
    ET.canonicalize(xml, out=out, strip_text=True, rewrite_prefixes=True)
    return out.getvalue()

def answer(text):
    try:
        return {"token": parse_response(text)["token"].decode()}
    except RuntimeError as error:
        return {"error": str(error)}

asked = json.load(sys.stdin)
print(json.dumps({
    "endpoints": [Mex(document).get_wstrust_username_password_endpoint() for document in asked["documents"]],
    "envelopes": [canonical(_build_rst(*user)) for user in asked["users"]],
    "canonical": [canonical(envelope) for envelope in asked["envelopes"]],
    "answers": [answer(text) for text in asked["answers"]],
}))
`

const run = (command: string, args: string[], input = '') => spawnSync(command, args, { input, encoding: 'utf8' })

/** The Python that has MSAL, and its version. */
export const msalPython = ['python3', '/usr/bin/python3'].flatMap((command) => {
  const { status, stdout } = run(command, ['-c', 'import msal, msal.mex; print(msal.__version__)'])
  return status === 0 ? [{ command, version: stdout.trim() }] : []
})[0]

/** What MSAL Python makes of documents, users (name, password, audience, address, action), envelopes and answers. */
export function askMsalPython(asked: {
  documents?: string[]
  users?: [username: string, password: string, audience: string, address: string, action: string][]
  envelopes?: string[]
  answers?: string[]
}): {
  endpoints: ({ address: string; action: string } | null)[]
  envelopes: string[]
  canonical: string[]
  answers: { token?: string; error?: string }[]
} {
  const nothing = { documents: [], users: [], envelopes: [], answers: [] }
  const { status, stdout, stderr } = run(
    msalPython?.command ?? 'python3',
    ['-W', 'ignore', '-c', program],
    JSON.stringify({ ...nothing, ...asked }),
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as ReturnType<typeof askMsalPython>
}
