import { expect, test } from 'vitest'
import { loadProblem } from '../src/native/loadProblem.js'

const path = '/app/libmsalruntime.so'
const absent = 'libwebkit2gtk-4.1.so.0: cannot open shared object file: No such file or directory'
const [debian, fedora, rocky] = ['ID=debian\n', 'ID=fedora\n', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n']

test.each([
  [
    'a library of the system on Debian',
    'linux',
    debian,
    absent,
    'library_missing',
    'apt-get install libwebkit2gtk-4.1-0',
  ],
  [
    'a library of the system on Fedora',
    'linux',
    fedora,
    absent,
    'library_missing',
    "dnf install 'libwebkit2gtk-4.1.so.0()(64bit)'",
  ],
  ['a library of the system on a kin of Red Hat', 'linux', rocky, absent, 'library_missing', 'dnf install'],
  [
    '32 bits',
    'linux',
    debian,
    `${path}: wrong ELF class: ELFCLASS32`,
    'wrong_architecture',
    'Node.js for the architecture',
  ],
  [
    'a Mac of another kind',
    'darwin',
    '',
    `${path} (mach-o file, but is an incompatible architecture)`,
    'wrong_architecture',
    'Node.js for the',
  ],
  [
    'a program of another Windows',
    'win32',
    '',
    '%1 is not a valid Win32 application.',
    'wrong_architecture',
    'Node.js for the',
  ],
  [
    'an old C library',
    'linux',
    debian,
    "libc.so.6: version `GLIBC_2.38' not found",
    'unsupported_system',
    'Ubuntu 22.04',
  ],
  [
    'an old C++ library',
    'linux',
    debian,
    "libstdc++.so.6: version `CXXABI_1.3.13' not found",
    'unsupported_system',
    'Debian 12',
  ],
  [
    'an old OpenSSL',
    'linux',
    rocky,
    "libcrypto.so.3: version `OPENSSL_3.0.0' not found",
    'unsupported_system',
    'Red Hat',
  ],
  [
    'the file itself',
    'linux',
    debian,
    `${path}: cannot open shared object file: No such file`,
    'library_missing',
    'is MSALRuntime',
  ],
  ['anything else', 'linux', debian, `${path}: file too short`, 'library_missing', 'is MSALRuntime'],
  [
    'anything else on Windows',
    'win32',
    '',
    'The specified module could not be found.',
    'library_missing',
    'Server 2019',
  ],
])('%s is told by what the loader says', (_, platform, osRelease, said, reason, nextStep) => {
  const cause = new Error(`Failed to load shared library: ${said}`)
  const problem = loadProblem(path, cause, { platform, arch: 'x64', osRelease })
  expect(problem).toEqual({
    reason,
    message: expect.any(String),
    nextStep: expect.stringContaining(nextStep),
    cause,
  })
})

test('what is missing is named', () => {
  const { message } = loadProblem(path, new Error(absent), { platform: 'linux', arch: 'x64', osRelease: debian })
  expect(message).toContain('libwebkit2gtk-4.1.so.0')
})

test.each([undefined, null, 'a text', {}])('whatever was thrown, %s, makes a problem', (cause) => {
  const system = { platform: 'linux', arch: 'x64', osRelease: '' }
  expect(loadProblem(path, cause, system)).toMatchObject({
    reason: 'library_missing',
    message: expect.stringContaining(path),
  })
})
