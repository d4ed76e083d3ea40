import { expect, it } from 'vitest';
import { ubuntuArchive } from './archive.ts';
import { plainAddress, readUris } from './package-closure.ts';
import { debPath } from './package-index.ts';

it('reads what apt would download: epochs of versions, plus signs of addresses', () => {
  const sha256 = '1896a2aacf4ad681ff5eacc24a5b0ca4d5d9c9b9c9e4b6de5197bc1e116ea619';
  const url = 'http://archive.ubuntu.com/ubuntu/pool/main/n/nfs-utils/nfs-common_2.6.4-3%2bubuntu5.1~rc1_amd64.deb';
  const text = `Reading package lists...\nNeed to get 1 B of archives.\n'${url}' nfs-common_1%3a2.6.4-3+ubuntu5.1~rc1_amd64.deb 247516 SHA256:${sha256}\n`;

  const [deb, ...more] = readUris(text);

  expect(deb).toEqual({ package: 'nfs-common', version: '1:2.6.4-3+ubuntu5.1~rc1', url, sha256, size: 247_516 });
  expect(more).toEqual([]);
  expect(debPath({ url })).toBe('debs/nfs-common_2.6.4-3+ubuntu5.1~rc1_amd64.deb');
});

it('gives a package a name that every medium takes', () => {
  expect(debPath({ url: 'http://mirror.example/debs/a%20b%3a1_all.deb' })).toBe('debs/a-b-1_all.deb');
});

it('leaves user and password out of an address', () => {
  expect(plainAddress(new URL('http://site:secret@mirror.example:8080/ubuntu/'))).toBe(
    'http://mirror.example:8080/ubuntu',
  );
});

it('asks the archive of ports for what is not amd64', () => {
  expect(ubuntuArchive({ series: 'noble', architecture: 'arm64' })).toEqual({
    uri: 'http://ports.ubuntu.com/ubuntu-ports',
    suites: ['noble', 'noble-updates', 'noble-security'],
    components: ['main', 'universe'],
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  });
});
