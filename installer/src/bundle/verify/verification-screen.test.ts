import { describe, expect, it } from 'vitest';
import type { BundleProblem } from '#ports/bundle';
import { verificationScreen } from './verification-screen.ts';
import type { Verification } from './verify-bundle.ts';

const good: Verification = {
  place: '/media/stick',
  madeFor: { release: '0.1.0', architecture: 'amd64', series: 'noble' },
  files: 214,
  bytes: 9_800_000_000,
  seconds: 8.14,
  signature: { kind: 'trusted', keyId: '533098BF86C9A709', comment: 'Novasphere 0.1.0, amd64, noble' },
  problems: [],
};
const problem = (kind: BundleProblem['kind'], path: string, detail: string) => ({ kind, path, detail });

describe('the screen of a verified bundle', () => {
  it('tells what was read, how fast, and who has signed', () => {
    expect(verificationScreen(good)).toMatchInlineSnapshot(`
      "/media/stick
        made for  Novasphere 0.1.0, amd64, Ubuntu noble
        read      214 files, 9.1 GiB in 8.1 s, 1.1 GiB/s
        signed    by the trusted key 533098BF86C9A709: Novasphere 0.1.0, amd64, noble
        verdict   every file is as it should be"
    `);
  });

  it('groups what is wrong', () => {
    const problems = [
      problem('extra', 'bin/k4s', 'the index does not name it'),
      problem('changed', 'bin/k3s', '5 bytes instead of 8'),
      problem('missing', 'debs/a.deb', 'the index names it, the directory lacks it'),
      problem('escapes', '../../etc/shadow', 'it leads out of the bundle'),
      problem('unreadable', 'lists/a.txt', 'EIO: i/o error'),
      problem('link', 'current', 'a link, which could lead anywhere'),
      problem('special', 'talk', 'a socket'),
      problem('changed', 'debs/b.deb', 'sha256 3a12bb08c627… instead of a31362f60e9c…'),
    ];

    expect(verificationScreen({ ...good, signature: { kind: 'absent' }, problems })).toMatchInlineSnapshot(`
      "/media/stick
        made for  Novasphere 0.1.0, amd64, Ubuntu noble
        read      214 files, 9.1 GiB in 8.1 s, 1.1 GiB/s
        signed    by nobody
        verdict   8 files are not as they should be

      paths that no bundle may name:
        ../../etc/shadow: it leads out of the bundle

      links; a bundle holds none:
        current: a link, which could lead anywhere

      neither files nor directories:
        talk: a socket

      missing:
        debs/a.deb: the index names it, the directory lacks it

      changed:
        bin/k3s: 5 bytes instead of 8
        debs/b.deb: sha256 3a12bb08c627… instead of a31362f60e9c…

      cannot be read:
        lists/a.txt: EIO: i/o error

      too many:
        bin/k4s: the index does not name it"
    `);
  });

  it('shows ten of a kind and counts the others', () => {
    const problems = Array.from({ length: 12 }, (_, at) => problem('missing', `debs/${at}.deb`, 'gone'));
    const { madeFor: _, ...small } = good;

    expect(
      verificationScreen({
        ...small,
        files: 1,
        bytes: 12,
        seconds: 0,
        signature: { kind: 'unknown', keyId: '533098BF86C9A709' },
        problems,
      }),
    ).toMatchInlineSnapshot(`
      "/media/stick
        made for  nothing in particular: manifests alone
        read      1 file, 12 B in 0.0 s
        signed    by the key 533098BF86C9A709, which nobody here trusts
        verdict   12 files are not as they should be

      missing:
        debs/0.deb: gone
        debs/1.deb: gone
        debs/2.deb: gone
        debs/3.deb: gone
        debs/4.deb: gone
        debs/5.deb: gone
        debs/6.deb: gone
        debs/7.deb: gone
        debs/8.deb: gone
        debs/9.deb: gone
        and 2 more"
    `);
  });

  it('tells of a forgery', () => {
    const signature = { kind: 'forged', detail: 'it is the signature of something else' } as const;

    expect(verificationScreen({ ...good, signature }).split('\n')[3]).toBe(
      '  signed    by a forger: it is the signature of something else',
    );
  });

  it('lets no name of a file steer the terminal', () => {
    const problems = [problem('extra', 'a\u001b[2J\u202eb\n', 'the index does not name it')];

    expect(
      verificationScreen({ ...good, problems })
        .split('\n')
        .at(-1),
    ).toBe('  "a\\u001b[2J�b\\n": the index does not name it');
  });
});
