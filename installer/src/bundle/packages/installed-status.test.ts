import { describe, expect, it } from 'vitest';
import { installedStatus } from './installed-status.ts';
import { readStanzas } from './stanzas.ts';

const known = readStanzas(`Package: udev
Source: systemd
Version: 255.4-1ubuntu8.10
Architecture: amd64
Installed-Size: 100
Maintainer: Ubuntu Developers <ubuntu-devel@lists.ubuntu.com>
Depends: libudev1 (= 255.4-1ubuntu8.10), libc6 (>= 2.38), adduser | sysusers
Breaks: systemd (<< 255.4-1ubuntu8.10)
Provides: devices (= 255.4-1ubuntu8.10), nodes
Description: /dev/ and hotplug management daemon
 with more lines
Filename: pool/main/s/systemd/udev_255.4-1ubuntu8.10_amd64.deb

Package: libudev1
Version: 255.4-1ubuntu8.10
Architecture: amd64
Multi-Arch: same

Package: systemd
Version: 255.4-1ubuntu8.10
Architecture: amd64

Package: libc6
Version: 2.39-0ubuntu8
Architecture: amd64
Conflicts: nodes, openrc

Package: libc6
Version: 2.39-0ubuntu8.6
Architecture: amd64
Conflicts: nothing-of-it
`);

function status(manifest: Readonly<Record<string, string>>) {
  const entries = Object.entries(manifest).map(([name, version]) => [name, { version }] as const);
  return Object.fromEntries(
    readStanzas(installedStatus(new Map(entries), known, 'amd64')).map((stanza) => [stanza['Package'], stanza]),
  );
}

const newest = { udev: '255.4-1ubuntu8.10', libudev1: '255.4-1ubuntu8.10', libc6: '2.39-0ubuntu8', adduser: '3' };
const older = { udev: '255.4-1ubuntu8.4', libudev1: '255.4-1ubuntu8.4', systemd: '255.4-1ubuntu8.4', adduser: '3' };

describe('installedStatus', () => {
  it('says of a version that the archive has what the archive says of it', () => {
    expect(status(newest)['udev']).toEqual({
      Package: 'udev',
      Status: 'install ok installed',
      Version: '255.4-1ubuntu8.10',
      Architecture: 'amd64',
      'Installed-Size': '100',
      Depends: 'libudev1 (= 255.4-1ubuntu8.10), libc6 (>= 2.38), adduser | sysusers',
      Breaks: 'systemd (<< 255.4-1ubuntu8.10)',
      Provides: 'devices (= 255.4-1ubuntu8.10), nodes',
    });
  });

  it('ties a version that an update has replaced to its siblings of that version', () => {
    expect(status(older)['udev']).toMatchObject({
      Version: '255.4-1ubuntu8.4',
      Depends: 'libudev1 (= 255.4-1ubuntu8.4), adduser | sysusers',
      Provides: 'devices (= 255.4-1ubuntu8.4), nodes',
    });
  });

  it('leaves out what the installed machine contradicts: it is whole', () => {
    expect(status(older)['udev']).not.toHaveProperty('Breaks');
    expect(status(newest)['libc6']).toMatchObject({ Conflicts: 'openrc' });
  });

  it('takes the newest stanza for a version that nobody has', () => {
    expect(status({ libc6: '2.39-0ubuntu8.3' })['libc6']).toMatchObject({ Conflicts: 'nothing-of-it' });
  });

  it('makes a stanza of name and version for a package that nobody knows', () => {
    const manifest = new Map([['linux-image-6.8.0-41', { version: '6.8.0-41.41', architecture: 'arm64' }]]);

    expect(installedStatus(manifest, known, 'amd64')).toBe(
      'Package: linux-image-6.8.0-41\nStatus: install ok installed\nVersion: 6.8.0-41.41\nArchitecture: arm64\nMulti-Arch: same\n\n',
    );
  });
});
