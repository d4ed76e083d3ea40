import { describe, expect, it } from 'vitest';
import { type Installed, journey, refusalOf, type Upgraded, type Versions } from './skew.ts';
import { skewRules } from './skew-rules.ts';
import { compareVersions } from './version.ts';

const release: Versions = {
  k3s: 'v1.35.8+k3s1',
  snapshotter: 'v8.6.0',
  longhorn: 'v1.12.1',
  multus: 'v4.3.0',
  nmstate: 'v0.86.0',
  kubevirt: 'v1.8.4',
  cdi: 'v1.65.0',
  'cert-manager': 'v1.21.1',
  operator: '0.1.0',
};

/** What is told of a cluster that is like the release but for these versions. */
function told(
  other: Versions,
  kubernetes = other.k3s ?? 'v1.35.8+k3s1',
  nodes: Installed['nodes'] = {},
): readonly string[] {
  const { changes, refusals, k3s } = journey({ versions: { ...release, ...other }, kubernetes, nodes }, release);
  const lines = refusals.map(({ reason, path }) => `${reason}${path === undefined ? '' : ` | ${path.join(' → ')}`}`);
  return lines.length > 0 ? lines : [`${changes.map((one) => one.name).join(', ') || 'nothing'}; k3s ${k3s}`];
}

describe('the way from one release to another', () => {
  it.each<[string, Versions, string[]]>([
    ['nothing differs', {}, ['nothing; k3s last']],
    ['a patch of everything', { longhorn: 'v1.12.0', kubevirt: 'v1.8.2' }, ['longhorn, kubevirt; k3s last']],
    [
      'the release before',
      {
        k3s: 'v1.34.11+k3s1',
        snapshotter: 'v8.5.0',
        longhorn: 'v1.11.3',
        multus: 'v4.2.4',
        nmstate: 'v0.85.1',
        kubevirt: 'v1.7.4',
        cdi: 'v1.64.0',
        'cert-manager': 'v1.20.3',
        operator: '0.0.9',
      },
      ['k3s, snapshotter, longhorn, multus, nmstate, kubevirt, cdi, cert-manager, operator; k3s last'],
    ],
    ['any patch of the minor before, for Longhorn', { longhorn: 'v1.11.0' }, ['longhorn; k3s last']],
    [
      'two minors of Longhorn',
      { longhorn: 'v1.10.1' },
      ['Longhorn v1.10.1 cannot become v1.12.1: it goes up one minor version at a time | v1.10.1 → v1.11.3 → v1.12.1'],
    ],
    [
      'more minors of Longhorn than anybody knows the patches of',
      { longhorn: 'v1.7.1' },
      ['Longhorn v1.7.1 cannot become v1.12.1: it goes up one minor version at a time'],
    ],
    [
      'an older Longhorn',
      { longhorn: 'v1.12.2' },
      [
        'Longhorn v1.12.2 cannot become v1.12.1: Longhorn never goes back, its manager ends at once when it finds data of a newer version',
      ],
    ],
    [
      'KubeVirt from a patch that is not the last of its line',
      { kubevirt: 'v1.7.2', cdi: 'v1.64.0' },
      [
        'KubeVirt v1.7.2 cannot become v1.8.4: it leaves 1.7 only from its latest patch, v1.7.4 | v1.7.2 → v1.7.4 → v1.8.4',
      ],
    ],
    [
      'two minors of KubeVirt',
      { kubevirt: 'v1.6.0', cdi: 'v1.63.1' },
      [
        'KubeVirt v1.6.0 cannot become v1.8.4: it goes up one minor version at a time | v1.6.0 → v1.6.2 → v1.7.4 → v1.8.4',
      ],
    ],
    [
      'an older CDI',
      { cdi: 'v1.65.1' },
      ['CDI v1.65.1 cannot become v1.65.0: its operator refuses: “operator downgraded, will not reconcile”'],
    ],
    [
      'two minors of k3s',
      { k3s: 'v1.33.4+k3s1' },
      [
        'k3s v1.33.4+k3s1 cannot become v1.35.8+k3s1: it goes up one minor version at a time | v1.33.4+k3s1 → v1.34.11+k3s1 → v1.35.8+k3s1',
      ],
    ],
    [
      'an older k3s',
      { k3s: 'v1.35.8+k3s2' },
      [
        'k3s v1.35.8+k3s2 cannot become v1.35.8+k3s1: Kubernetes has no way back in place, only an etcd snapshot that is restored with the older binary',
      ],
    ],
    [
      'another major version',
      { multus: 'v3.9.3' },
      ['Multus v3.9.3 cannot become v4.3.0: that is another major version, for which nobody has said how'],
    ],
    [
      'two minors of cert-manager',
      { 'cert-manager': 'v1.19.0' },
      [
        'cert-manager v1.19.0 cannot become v1.21.1: it goes up one minor version at a time | v1.19.0 → v1.20.3 → v1.21.1',
      ],
    ],
  ])('%s', (_, other, expected) => {
    expect(told(other)).toEqual(expected);
  });

  it('raises Kubernetes first where the components that come need it', () => {
    const installed = {
      versions: { k3s: 'v1.33.9+k3s1', kubevirt: 'v1.8.4', cdi: 'v1.65.0' },
      kubernetes: 'v1.33.9+k3s1',
    };

    const found = journey(installed, { k3s: 'v1.34.11+k3s1', kubevirt: 'v1.9.0', cdi: 'v1.66.1' });

    expect(found).toMatchObject({ refusals: [], k3s: 'first' });
  });

  it('refuses where neither the old components live on the new Kubernetes nor the new ones on the old', () => {
    const installed = {
      versions: { k3s: 'v1.33.9+k3s1', kubevirt: 'v1.7.4', 'cert-manager': 'v1.21.1' },
      kubernetes: 'v1.33.9+k3s1',
    };

    const { refusals } = journey(installed, { k3s: 'v1.35.8+k3s1', kubevirt: 'v1.9.0', cdi: 'v1.66.1' });

    expect(refusals.map(({ reason }) => reason)).toEqual([
      'k3s v1.33.9+k3s1 cannot become v1.35.8+k3s1: it goes up one minor version at a time',
      'KubeVirt v1.7.4 cannot become v1.9.0: it goes up one minor version at a time',
      'KubeVirt v1.9.0 is made for Kubernetes 1.34 to 1.36, and the cluster has 1.33',
    ]);
  });

  it('refuses components on a Kubernetes of somebody else that they are not made for', () => {
    const { refusals } = journey({ versions: {}, kubernetes: 'v1.37.1' }, release);

    expect(refusals.map(({ reason }) => reason)).toEqual([
      'Longhorn v1.12.1 is made for Kubernetes 1.25 to 1.36, and the cluster has 1.37',
      'KubeVirt v1.8.4 is made for Kubernetes 1.33 to 1.35, and the cluster has 1.37',
      'cert-manager v1.21.1 is made for Kubernetes 1.33 to 1.36, and the cluster has 1.37',
    ]);
  });

  it('refuses a CDI that is not the partner of the KubeVirt', () => {
    const { refusals } = journey({ versions: { cdi: 'v1.66.0' } }, { kubevirt: 'v1.8.4' });

    expect(refusals.map(({ reason }) => reason)).toEqual([
      'CDI v1.66.0 does not go with KubeVirt v1.8.4: that one is paired with 1.65',
    ]);
  });

  it('refuses when one node is ahead of what is wanted, though the others are not', () => {
    expect(told({ k3s: 'v1.35.7+k3s1' }, 'v1.35.7+k3s1', { one: 'v1.35.7+k3s1', two: 'v1.36.2+k3s1' })).toEqual([
      'k3s v1.36.2+k3s1 on two cannot become v1.35.8+k3s1: Kubernetes has no way back in place, only an etcd snapshot that is restored with the older binary',
    ]);
  });
});

/** Every version of every known line, and some patches beneath. */
const known = (Object.keys(skewRules) as Upgraded[]).flatMap((name) => {
  const newest = Object.values(skewRules[name].latest);
  const versions = newest.flatMap((version) => [
    version,
    version.replace(/^(v\d+\.\d+)\.\d+/, '$1.0'),
    version.replace(/^(v\d+\.\d+)\.\d+/, '$1.1'),
  ]);
  return versions.flatMap((from) => versions.map((to) => ({ name, from, to })));
});

describe('the laws of the way', () => {
  it.each(['longhorn', 'cdi', 'k3s'] as const)('never lets %s go back', (component) => {
    const back = known.filter(({ name, from, to }) => name === component && compareVersions(from, to) > 0);

    expect(back.length).toBeGreaterThan(5);
    expect(back.filter((change) => refusalOf(change) === undefined)).toEqual([]);
  });

  it('offers only ways whose every step is accepted', () => {
    const paths = known.flatMap((change) => {
      const { path } = refusalOf(change) ?? {};
      return path === undefined ? [] : [{ name: change.name, path }];
    });
    const steps = paths.flatMap(({ name, path }) =>
      path.slice(1).map((to, at) => ({ name, from: path[at] as string, to })),
    );

    expect(paths.length).toBeGreaterThan(20);
    expect(steps.filter((step) => refusalOf(step) !== undefined)).toEqual([]);
  });

  it('offers a way wherever a step up is refused and every line between is known', () => {
    const up = known.filter(({ from, to }) => compareVersions(from, to) < 0);
    const lost = up.filter((change) => refusalOf(change) !== undefined && refusalOf(change)?.path === undefined);

    expect(lost).toEqual([]);
  });
});
