import { describe, expect, it } from 'vitest';
import type { Bundle } from '#ports/bundle';
import { toldOfBundle as told } from '../../../../../test/fixtures/told-of-bundle.ts';

const signedBy = (signature: Awaited<ReturnType<Bundle['signature']>>) => () => ({ signature: async () => signature });
const unsigned = signedBy({ kind: 'absent' });
const bySomebody = signedBy({ kind: 'unknown', keyId: '533098BF86C9A709' });
const wrongly = signedBy({ kind: 'forged', detail: 'the signature of key 533098BF86C9A709 does not fit' });

describe('who has signed the bundle', () => {
  it('says nothing of one that is signed with a trusted key', async () => {
    expect(await told({})).toEqual({ state: 'converged' });
  });

  it('asks with the keys of the profile', async () => {
    const asked: unknown[] = [];
    const trustedKeys = [`RWQ${'A'.repeat(53)}`];
    const signature = async (keys: readonly string[]) => {
      asked.push(keys);
      return { kind: 'absent' } as const;
    };

    await told({ profile: { trustedKeys }, bundle: () => ({ signature }) });

    expect(asked).toEqual([trustedKeys]);
  });

  it('refuses one that nobody has signed', async () => {
    expect(await told({ bundle: unsigned })).toMatchInlineSnapshot(`
      [
        "BUNDLE-SIGNATURE nobody has signed the bundle",
        "because whoever had it in his hands on the way here could have changed it, and its index with it",
        "try novasphere bundle sign /media/bundle --key FILE          where the bundle was made, by whoever answers for it",
        "try set bundle.allowUnsigned: true in the profile          to install it all the same",
      ]
    `);
  });

  it('refuses one that a stranger has signed, with the number of his key', async () => {
    expect(await told({ bundle: bySomebody })).toMatchInlineSnapshot(`
      [
        "BUNDLE-SIGNATURE the bundle is signed with key 533098BF86C9A709, which nobody here trusts",
        "try set bundle.trustedKeys in the profile          to the public key 533098BF86C9A709, once you know whose it is",
        "try cp KEY.pub /etc/novasphere/keys/          trusts it for everything on this machine",
        "try set bundle.allowUnsigned: true in the profile          to install it all the same",
      ]
    `);
  });

  it('says that it takes one of nobody, or of a stranger, because the profile lets it', async () => {
    const profile = { allowUnsigned: true };

    expect([
      await told({ profile, bundle: unsigned }),
      await told({ profile, bundle: bySomebody }),
    ]).toMatchInlineSnapshot(`
        [
          {
            "notes": [
              "nobody has signed the bundle: it is installed because the profile says bundle.allowUnsigned: true",
            ],
            "state": "converged",
          },
          {
            "notes": [
              "nobody here knows key 533098BF86C9A709: it is installed because the profile says bundle.allowUnsigned: true",
            ],
            "state": "converged",
          },
        ]
      `);
  });

  it('refuses a signature that is wrong, whatever the profile lets pass', async () => {
    expect(await told({ profile: { allowUnsigned: true }, bundle: wrongly })).toMatchInlineSnapshot(`
      [
        "BUNDLE-SIGNATURE the signature of the bundle is not one of this bundle",
        "because the signature of key 533098BF86C9A709 does not fit",
        "try copy the bundle again from where it was made, its bundle.yaml.minisig with it",
        "try novasphere bundle verify /media/bundle          compares every file, and the signature",
      ]
    `);
  });

  it('asks before anything else: of a stranger nothing more is read', async () => {
    const verify = () => Promise.reject(new Error('read before it was trusted'));
    const [first] = (await told({ bundle: () => ({ ...unsigned(), verify }) })) as readonly string[];

    expect(first).toBe('BUNDLE-SIGNATURE nobody has signed the bundle');
  });
});
