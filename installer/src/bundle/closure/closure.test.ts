import { beforeAll, describe, expect, it } from 'vitest';
import { allComponents, type Component } from '#catalog/catalog';
import { hasUpstream, k3sList, provenPlatform } from '../../../../test/fixtures/proven-platform.ts';
import { type Closure, type ClosureAbout, closureOf } from './closure.ts';

let about: ClosureAbout;
let closure: Closure;

function kindsOf(reference: string): readonly string[] {
  return [...new Set(closure.asked.get(reference)?.map(({ kind }) => kind))];
}

describe.skipIf(!hasUpstream)('what an installation of this release can ask for', () => {
  beforeAll(async () => {
    about = await provenPlatform();
    closure = closureOf(about);
  });

  it('is exactly what the catalog names, component by component, and the list of k3s', () => {
    const ofK3s = k3sList.text.trim().split('\n');
    const catalogued = allComponents(about.catalog).flatMap(({ images }) => images.map(({ reference }) => reference));

    expect([...closure.asked.keys()].sort()).toEqual([...new Set([...catalogued, ...ofK3s])].sort());
    expect(closure.findings).toEqual([]);
  });

  it('is asked for by somebody else wherever our supplement gives a reason: no reason is left over', () => {
    const alone = [...closure.asked].filter(([, askers]) => askers.every(({ kind }) => kind === 'supplement'));

    expect(alone.map(([reference]) => reference)).toEqual([]);
  });

  it.each([
    ['docker.io/longhornio/longhorn-engine:v1.12.1', ['list', 'argument', 'supplement']],
    ['docker.io/longhornio/csi-attacher:v4.12.0', ['list', 'environment', 'supplement']],
    ['docker.io/longhornio/longhorn-cli:v1.12.1', ['list', 'supplement']],
    ['quay.io/kubevirt/virt-launcher:v1.8.4', ['gate', 'supplement']],
    ['quay.io/kubevirt/cdi-importer:v1.65.0', ['environment', 'supplement']],
    ['quay.io/jetstack/cert-manager-acmesolver:v1.21.1', ['argument', 'supplement']],
    ['ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0', ['image', 'supplement']],
    ['registry.k8s.io/sig-storage/snapshot-controller:v8.6.0', ['image', 'supplement']],
    ['quay.io/kubevirt/cirros-container-disk-demo:v1.8.4', ['image', 'supplement']],
    ['docker.io/rancher/mirrored-library-busybox:1.37.0', ['list', 'image', 'supplement']],
    ['ghcr.io/novasphere/wukong-operator:0.1.0', ['image']],
  ])('has %s by %j', (reference, kinds) => {
    expect(kindsOf(reference)).toEqual(kinds);
  });

  it('has all of Longhorn’s list, and nothing of Longhorn beyond it', () => {
    const byList = [...closure.asked].filter(([, askers]) => askers.some(({ who }) => who.includes('longhorn-images')));
    const longhorn = [...closure.asked.keys()].filter((reference) => reference.includes('/longhornio/'));

    expect(byList.map(([reference]) => reference).sort()).toEqual(longhorn.sort());
    expect(longhorn).toHaveLength(14);
  });

  it('leaves out what is named and never started, and says who names it', () => {
    expect(closure.unused).toEqual([
      {
        reference: 'quay.io/openshift/origin-kube-rbac-proxy:4.10.0',
        reason: 'nmstate-operator is told of it, and no workload in its deploy/handler has it',
        namedBy: [
          {
            kind: 'environment',
            who: 'Deployment nmstate/nmstate-operator, environment KUBE_RBAC_PROXY_IMAGE',
            from: 'manifests/nmstate/operator.yaml',
          },
        ],
      },
    ]);
  });

  it('does not let an image stay unused that nothing names any more', () => {
    const objects = about.objects.filter(({ object }) => object.metadata.name !== 'nmstate-operator');

    expect(closureOf({ ...about, objects }).findings).toEqual([
      'the catalog calls quay.io/openshift/origin-kube-rbac-proxy:4.10.0 unused, and nothing names it any more',
    ]);
  });

  it('asks once, however often the same object names the same image', () => {
    const twice = closureOf({ ...about, objects: [...about.objects, ...about.objects] });

    expect(twice.asked).toEqual(closure.asked);
  });
});

describe('lists of upstream', () => {
  const nothing = {
    node: { name: 'node', images: [] } as unknown as Component,
    components: {},
  } as ClosureAbout['catalog'];
  const catalog = {
    ...nothing,
    components: new Proxy({}, { get: () => nothing.node }) as ClosureAbout['catalog']['components'],
  };

  it('may leave docker.io away, hold comments and empty lines, and end without a new line', () => {
    const text =
      '# images\n\nlonghornio/longhorn-ui:v1.12.1  # the page\ndocker.io/longhornio/longhorn-ui:v1.12.1\nbusybox:1';
    const { asked, findings } = closureOf({ catalog, objects: [], lists: [{ path: 'lists/x.txt', text }] });

    expect([...asked.keys()]).toEqual(['docker.io/longhornio/longhorn-ui:v1.12.1', 'docker.io/library/busybox:1']);
    expect(findings).toEqual([]);
  });

  it('are not passed over where a line names no image', () => {
    const lists = [{ path: 'lists/x.txt', text: 'quay.io/a/b:1\n404: Not Found\n' }];

    expect(closureOf({ catalog, objects: [], lists }).findings).toEqual([
      'line 2 of lists/x.txt is no image: “404: Not Found”',
    ]);
  });
});
