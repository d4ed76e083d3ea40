import { describe, expect, it } from 'vitest';
import { ubuntuArchive } from './archive.ts';
import { archiveFault, keyringMissing } from './archive-faults.ts';

const archive = ubuntuArchive({ series: 'noble', architecture: 'amd64' });
const address = 'http://archive.ubuntu.com/ubuntu';

/** What apt-get update has said, on stderr, and what is told of it. */
function told(stderr: string, exitCode = 100) {
  const fault = archiveFault({ exitCode, stdout: '', stderr }, { archive, address })?.record();
  return fault === undefined ? undefined : [fault.code, fault.message, ...fault.because, ...fault.remedy];
}

const mirror =
  'novasphere bundle resolve --mirror http://archive.ubuntu.com/ubuntu=http://MIRROR/ubuntu          asks another one';
const look = 'curl -I http://archive.ubuntu.com/ubuntu/dists/noble/InRelease          what it answers';

describe('archiveFault', () => {
  it('has nothing to say when all lists came', () => {
    expect(told('', 0)).toBeUndefined();
  });

  it('finds a component that the archive does not have, which apt takes for a warning', () => {
    const warning =
      "W: Skipping acquire of configured file 'universe/binary-amd64/Packages' as repository 'http://archive.ubuntu.com/ubuntu noble InRelease' doesn't have the component 'universe' (component misspelt in sources.list?)";

    expect(told(warning, 0)).toEqual([
      'FETCH-FAILED',
      'the archive at http://archive.ubuntu.com/ubuntu has no “universe” of noble',
      mirror,
    ]);
  });

  it('tells a mirror without the series from one that is out of reach', () => {
    const absent = "E: The repository 'http://archive.ubuntu.com/ubuntu noble Release' does not have a Release file.";
    const silent =
      'E: Failed to fetch http://archive.ubuntu.com/ubuntu/dists/noble/InRelease  Could not connect to archive.ubuntu.com:80 (127.0.0.1). - connect (111: Connection refused)';

    expect(told(absent)).toEqual([
      'FETCH-FAILED',
      'the archive at http://archive.ubuntu.com/ubuntu has no Ubuntu series noble',
      look,
      mirror,
    ]);
    expect(told(silent)).toEqual([
      'FETCH-FAILED',
      'the package lists of noble cannot be had from http://archive.ubuntu.com/ubuntu',
      look,
      mirror,
    ]);
  });

  it('says that somebody wants to know who asks', () => {
    const denied =
      'E: Failed to fetch http://archive.ubuntu.com/ubuntu/dists/noble/InRelease  407  Proxy Authentication Required [IP: 127.0.0.1 3128]';

    expect(told(denied)).toEqual([
      'FETCH-DENIED',
      'the archive at http://archive.ubuntu.com/ubuntu, or a proxy before it, wants to know who asks',
      'export http_proxy=http://USER:PASSWORD@PROXY:PORT          for a proxy',
      mirror,
    ]);
  });

  it('suspects the clock when lists are of the future or of long ago', () => {
    const early =
      'E: Release file for http://archive.ubuntu.com/ubuntu/dists/noble/InRelease is not valid yet (invalid for another 3650d). Updates for this repository will not be applied.';

    expect(told(early)).toEqual([
      'FETCH-FAILED',
      'the package lists of http://archive.ubuntu.com/ubuntu are not valid at the time of this machine',
      'its clock is wrong, or the mirror has stopped being updated',
      'timedatectl          shows the clock and whether it is synchronised',
      mirror,
    ]);
  });

  it('says that the disk is full', () => {
    const full = 'E: Write error - write (28: No space left on device)';

    expect(told(full)?.slice(0, 2)).toEqual(['HOST-DISK-FULL', 'apt cannot keep the package lists: the disk is full']);
  });

  it('says when nobody has signed the lists who is in the keyring', () => {
    const unsigned =
      "W: GPG error: http://archive.ubuntu.com/ubuntu noble InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 871920D1991BC93C";

    expect(told(unsigned)).toEqual([
      'KEY-INVALID',
      'no key in /usr/share/keyrings/ubuntu-archive-keyring.gpg has signed the package lists of http://archive.ubuntu.com/ubuntu',
      'apt-get install --only-upgrade ubuntu-keyring          when the key of a new series is missing',
      'gpg --show-keys /usr/share/keyrings/ubuntu-archive-keyring.gpg          which keys it holds',
    ]);
  });
});

it('says which package brings the keyring that is missing', () => {
  expect(keyringMissing(archive.keyring, undefined).record()).toMatchObject({
    code: 'KEY-INVALID',
    message:
      "there is no keyring /usr/share/keyrings/ubuntu-archive-keyring.gpg, with which Ubuntu's package lists are checked",
    remedy: [
      'apt-get install ubuntu-keyring          on Ubuntu and Debian',
      'scp UBUNTU:/usr/share/keyrings/ubuntu-archive-keyring.gpg /usr/share/keyrings/ubuntu-archive-keyring.gpg          from a machine that has it',
    ],
  });
});
