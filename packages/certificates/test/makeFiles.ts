// Makes the files that the tests read, with openssl: node packages/certificates/test/makeFiles.ts > …/test/fixtures/files.json
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PASSPHRASE } from './passphrase.ts'

/** A file's name to what is in it: PEM as it is, PFX in base64. */
export type Files = Readonly<Record<string, string>>

/** Makes a chain of three certificates, and its leaf's key in every form that openssl can write. */
export function makeFiles(): Files {
  const cwd = mkdtempSync(join(tmpdir(), 'latchkey-certificates-'))
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const days = ['-days', '36500']
  const subject = (name: string) => ['-subj', `/CN=${name}`]
  const newRsa = ['-newkey', 'rsa:2048', '-nodes']
  try {
    writeFileSync(join(cwd, 'ca.cnf'), 'basicConstraints=critical,CA:TRUE\n')
    openssl('req', '-x509', ...newRsa, '-keyout', 'root.key', '-out', 'root.crt', ...subject('Test root'), ...days)
    for (const [name, issuer] of [
      ['intermediate', 'root'],
      ['leaf', 'intermediate'],
    ] as const) {
      openssl('req', '-new', ...newRsa, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject(`Test ${name}`))
      const signer = ['-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`, '-CAcreateserial']
      const extensions = name === 'leaf' ? [] : ['-extfile', 'ca.cnf']
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signer, ...days, ...extensions)
    }
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl('req', '-x509', ...ec, '-keyout', 'ec.key', '-out', 'ec.crt', ...subject('Test EC'), ...days)
    const read = (path: string) => readFileSync(join(cwd, path), 'utf8')
    writeFileSync(join(cwd, 'issuers.crt'), read('root.crt') + read('intermediate.crt'))

    const pass = ['-passout', `pass:${PASSPHRASE}`]
    const own = ['-inkey', 'leaf.key', '-in', 'leaf.crt']
    const pfx = (...args: string[]): string => {
      openssl('pkcs12', '-export', '-out', 'out.pfx', ...args)
      return readFileSync(join(cwd, 'out.pfx')).toString('base64')
    }
    const schemes = (key: string, certificate: string) => ['-keypbe', key, '-certpbe', certificate]
    const pkcs8 = (...args: string[]) => openssl('pkcs8', '-topk8', '-in', 'leaf.key', ...pass, ...args)
    const traditional = (...args: string[]) => openssl('rsa', '-traditional', '-in', 'leaf.key', ...args)
    const legacy = ['-provider', 'legacy', '-provider', 'default']
    return {
      'leaf.crt': read('leaf.crt'),
      'intermediate.crt': read('intermediate.crt'),
      'root.crt': read('root.crt'),
      'intermediate.key': read('intermediate.key'),

      'aes.pfx': pfx(...own, ...pass),
      'chain.pfx': pfx(...own, ...pass, '-certfile', 'issuers.crt'),
      'aes-128-sha-512.pfx': pfx(...own, ...pass, ...schemes('aes-128-cbc', 'aes-128-cbc'), '-macalg', 'sha512'),
      'aes-192-sha-384.pfx': pfx(...own, ...pass, ...schemes('aes-192-cbc', 'aes-192-cbc'), '-macalg', 'sha384'),
      '3des-rc2-40.pfx': pfx(...own, ...pass, '-legacy'),
      '2des-rc2-128.pfx': pfx(...own, ...pass, '-legacy', ...schemes('PBE-SHA1-2DES', 'PBE-SHA1-RC2-128')),
      'without-mac.pfx': pfx(...own, ...pass, '-nomac'),
      'empty-passphrase.pfx': pfx(...own, '-passout', 'pass:'),
      'unprotected.pfx': pfx(...own, '-passout', 'pass:', '-nomac', ...schemes('NONE', 'NONE')),
      'ec.pfx': pfx('-inkey', 'ec.key', '-in', 'ec.crt', ...pass),
      'key-only.pfx': pfx('-inkey', 'leaf.key', '-nocerts', ...pass),
      'certificate-only.pfx': pfx('-in', 'leaf.crt', '-nokeys', ...pass),
      'rc4.pfx': pfx(...own, ...pass, '-legacy', ...schemes('PBE-SHA1-RC4-128', 'PBE-SHA1-RC4-128')),

      'pkcs8.key': read('leaf.key'),
      'pkcs1.key': traditional(),
      'aes.key': pkcs8(),
      '3des.key': pkcs8('-v2', 'des3'),
      'pkcs12-3des.key': pkcs8('-v1', 'PBE-SHA1-3DES'),
      'md5-des.key': pkcs8('-v1', 'PBE-MD5-DES', ...legacy),
      'sha1-des.key': pkcs8('-v1', 'PBE-SHA1-DES', ...legacy),
      'traditional-aes.key': traditional('-aes256', ...pass),
      'traditional-3des.key': traditional('-des3', ...pass),
      'scrypt.key': pkcs8('-scrypt'),
      'ec.key': read('ec.key'),
      'ec.crt': read('ec.crt'),
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

if (import.meta.main) console.log(JSON.stringify(makeFiles(), undefined, 2))
