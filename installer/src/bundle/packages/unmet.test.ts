import { describe, expect, it } from 'vitest';
import { isOpen, readUnmet } from './unmet.ts';

const said = `Some packages could not be installed. This may mean that you have
requested an impossible situation.

The following packages have unmet dependencies:
 ntpsec : Conflicts: time-daemon
 chrony : PreDepends: init-system-helpers (>= 1.54~) but it is not going to be installed
          Depends: libnettle8 but it is not installable
 libc6-dev:amd64 : Depends: libc6 (= 2.36-9) but 2.39-0ubuntu8 is to be installed
E: Unable to correct problems, you have held broken packages.
`;

describe('readUnmet', () => {
  it('tells what is final before what has its reason further down', () => {
    const unmet = readUnmet(said);

    expect(unmet).toEqual([
      { package: 'chrony', wish: 'needs libnettle8', other: 'libnettle8', because: 'it is not installable' },
      {
        package: 'libc6-dev',
        wish: 'needs libc6 (= 2.36-9)',
        other: 'libc6',
        because: '2.39-0ubuntu8 is to be installed',
      },
      { package: 'ntpsec', wish: 'conflicts with time-daemon', other: 'time-daemon' },
      {
        package: 'chrony',
        wish: 'needs init-system-helpers (>= 1.54~)',
        other: 'init-system-helpers',
        because: 'it is not going to be installed',
      },
    ]);
    expect(unmet.map(isOpen)).toEqual([false, false, false, true]);
  });

  it('knows both ways to say that there is no such package', () => {
    const text = "E: Unable to locate package no-such\nE: Package 'gone' has no installation candidate\n";

    expect(readUnmet(text)).toEqual([{ package: 'no-such' }, { package: 'gone' }]);
  });
});
