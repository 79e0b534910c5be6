import { expect, test } from 'vitest'
import { libraryFile } from '../src/native/libraryFile.js'

test.each([
  ['win32', 'x64', 'windows/x64/msalruntime.dll'],
  ['win32', 'arm64', 'windows/arm64/msalruntime_arm64.dll'],
  ['win32', 'ia32', 'windows/x86/msalruntime_x86.dll'],
  ['darwin', 'x64', 'macos/x64/libmsalruntime_x64.dylib'],
  ['darwin', 'arm64', 'macos/arm64/libmsalruntime_arm64.dylib'],
  ['linux', 'x64', 'linux/ubuntu/x64/libmsalruntime.so'],
])('%s on %s has its own file', (platform, arch, file) => {
  expect(libraryFile({ platform, arch, osRelease: '' })).toBe(file)
})

test.each([
  ['Debian', 'ID=debian\nVERSION_ID="12"\n', 'ubuntu'],
  ['Ubuntu', 'NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n', 'ubuntu'],
  ['Red Hat 8', 'ID="rhel"\nVERSION_ID="8.10"\n', 'rhel8_9'],
  ['Red Hat 9', 'VERSION_ID="9.4"\nID="rhel"\nID_LIKE="fedora"\n', 'rhel8_9'],
  ['Red Hat 10', 'ID="rhel"\nVERSION_ID="10.0"\n', 'rhel10'],
  ['a kin of Red Hat 9', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n', 'rhel8_9'],
  ['a kin of Red Hat 10', 'ID=almalinux\nID_LIKE="rhel centos fedora"\nVERSION_ID=10.1\n', 'rhel10'],
  ['one without a version', 'ID=rhel\n', 'rhel8_9'],
  ['Fedora, which is no kin of Red Hat to the loader', 'ID=fedora\nVERSION_ID=41\n', 'ubuntu'],
  ['one whose other fields name Red Hat', 'ID=arch\nBUG_REPORT_URL="https://rhel.example"\n', 'ubuntu'],
])('%s takes the build for it', (_, osRelease, distribution) => {
  expect(libraryFile({ platform: 'linux', arch: 'x64', osRelease })).toBe(`linux/${distribution}/x64/libmsalruntime.so`)
})

test.each([
  ['freebsd', 'x64', 'unsupported_system', 'Windows, macOS or Linux'],
  ['linux', 'arm64', 'wrong_architecture', 'x64'],
  ['darwin', 'ppc64', 'wrong_architecture', 'x64 or arm64'],
  ['win32', 'riscv64', 'wrong_architecture', 'x64 or arm64 or ia32'],
])('%s on %s has none, and it is said what has', (platform, arch, reason, nextStep) => {
  expect(libraryFile({ platform, arch, osRelease: '' })).toMatchObject({
    reason,
    message: expect.stringContaining(platform),
    nextStep: expect.stringContaining(nextStep),
  })
})
