import { describe, expect, it } from 'vitest';
import { withManifest } from './medium-manifest.ts';

const read = (...texts: string[]) => Object.fromEntries(texts.reduce(withManifest, new Map()));

describe('withManifest', () => {
  it('reads a list of names and versions, and leaves snaps out', () => {
    expect(read('adduser\t3.137ubuntu1\nlibc6:amd64\t2.39-0ubuntu8.6\nsnap:core22\tlatest/stable\t1748\n')).toEqual({
      adduser: { version: '3.137ubuntu1' },
      libc6: { version: '2.39-0ubuntu8.6', architecture: 'amd64' },
    });
  });

  it('reads the difference to the layer below: what comes, goes and becomes newer', () => {
    const below = '--- livecd.manifest.full\t1970-01-01\n+++ livecd.minimal.manifest.full\t2025-08-05\n';
    const minimal = `${below}+adduser\t3.137ubuntu1\n+libc6:amd64\t2.39-0ubuntu8\n+tiny\t1\n`;
    const server =
      '--- a\t1\n+++ b\t2\n-libc6:amd64\t2.39-0ubuntu8\n+libc6:amd64\t2.39-0ubuntu8.6\n-tiny\t1\n+chrony\t4.5-1\n';

    expect(read(minimal, server)).toEqual({
      adduser: { version: '3.137ubuntu1' },
      chrony: { version: '4.5-1' },
      libc6: { version: '2.39-0ubuntu8.6', architecture: 'amd64' },
    });
  });

  it('takes a list that is whole again for what it adds', () => {
    expect(read('adduser\t1\n', 'adduser\t1\nchrony\t4.5-1\n')).toEqual({
      adduser: { version: '1' },
      chrony: { version: '4.5-1' },
    });
  });
});
