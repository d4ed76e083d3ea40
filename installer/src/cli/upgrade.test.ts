import { describe, expect, it } from 'vitest';
import { journeyScreen } from './upgrade.ts';

describe('what an upgrade is about', () => {
  it('is told old and new, in the order in which it happens', () => {
    const changes = [
      { name: 'k3s', from: 'v1.34.11+k3s1', to: 'v1.35.8+k3s1' },
      { name: 'snapshotter', from: 'v8.5.0', to: 'v8.6.0' },
      { name: 'longhorn', from: 'v1.11.3', to: 'v1.12.1' },
      { name: 'multus', from: 'v4.2.4', to: 'v4.3.0' },
      { name: 'cert-manager', from: 'v1.20.3', to: 'v1.21.1' },
    ] as const;

    expect(journeyScreen({ changes, refusals: [], k3s: 'last' })).toMatchInlineSnapshot(`
      "5 components become another version, in this order:
        cert-manager             v1.20.3        →  v1.21.1
        the snapshot controller  v8.5.0         →  v8.6.0
        Longhorn                 v1.11.3        →  v1.12.1
        k3s                      v1.34.11+k3s1  →  v1.35.8+k3s1
        Multus                   v4.2.4         →  v4.3.0

      "
    `);
  });

  it('is told in a line when there is nothing to do', () => {
    expect(journeyScreen({ changes: [], refusals: [], k3s: 'last' })).toBe(
      'every component has the version of this release already\n',
    );
  });
});
