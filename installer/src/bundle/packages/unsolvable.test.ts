import { expect, it } from 'vitest';
import { type Archive, ubuntuArchive } from './archive.ts';
import type { Unmet } from './unmet.ts';
import { unsolvable } from './unsolvable.ts';

const medium = {
  place: '/media/base.iso',
  release: '24.04.3',
  series: 'noble',
  architecture: 'amd64',
  installed: new Map([['libc6', { version: '2.39-0ubuntu8.5' }]]),
  pool: [],
} as const;
const ubuntu = ubuntuArchive(medium);

function told(unmet: readonly Unmet[], archive: Archive = ubuntu) {
  const { code, message, because, remedy } = unsolvable({
    medium,
    archive,
    names: ['a', 'b'],
    unmet,
    said: [],
  }).record();
  return [code, message, ...because, ...remedy];
}

const mirror =
  'novasphere bundle resolve --mirror http://archive.ubuntu.com/ubuntu=http://MIRROR/ubuntu          when this archive lags behind';
const newer = 'take a newer medium than 24.04.3, and the archive of the same series';
const code = 'PACKAGES-UNSOLVABLE';

it('names the package and the need that nothing fulfils', () => {
  const unmet = {
    package: 'chrony',
    wish: 'needs libnettle8 (>= 3.9)',
    other: 'libnettle8',
    because: 'it is not installable',
  };

  expect(told([unmet])).toEqual([
    code,
    'chrony cannot be installed on noble: it needs libnettle8 (>= 3.9)',
    'nothing in main and universe is or provides libnettle8',
    mirror,
    newer,
  ]);
});

it('tells the version that the medium installs from one that the archive has', () => {
  const unmet = { package: 'libc6-dev', wish: 'needs libc6 (= 2.39-0ubuntu8)', other: 'libc6' };
  const message = 'libc6-dev cannot be installed on noble: it needs libc6 (= 2.39-0ubuntu8)';
  const installed = { ...unmet, because: '2.39-0ubuntu8.5 is to be installed' };
  const offered = { ...unmet, because: '2.39-0ubuntu8.6 is to be installed' };

  expect(told([installed])).toEqual([code, message, 'the medium installs libc6 2.39-0ubuntu8.5', mirror, newer]);
  expect(told([offered])).toEqual([code, message, 'the archive has libc6 2.39-0ubuntu8.6', mirror, newer]);
});

it('suspects that universe is missing when a package is unknown and universe is not asked for', () => {
  expect(told([{ package: 'open-iscsi' }], { ...ubuntu, components: ['main'] })).toEqual([
    code,
    'there is no package open-iscsi for noble',
    'add universe to the components of the archive',
    mirror,
  ]);
  expect(told([{ package: 'open-iscsi' }])).toEqual([code, 'there is no package open-iscsi for noble', mirror, newer]);
});

it('names what was asked for when apt gives no reason', () => {
  expect(told([])).toEqual([code, 'apt finds no way to install a, b on noble', mirror, newer]);
});
