import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import type { Json } from '#kube/json';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { type PlatformObject, platformObjects, widestSite } from './platform-objects.ts';

const root = resolve(import.meta.dirname, '../../..');
const upstream = resolve(root, '../shared/upstream');
let catalog: Catalog;
let all: readonly PlatformObject[];

beforeAll(async () => {
  catalog = await loadCatalog(root);
  all = await platformObjects(widestSite(catalog), rehearsedBundle(catalog, upstream));
});

function one(kind: string, name: string): { readonly from: string; readonly object: Json } {
  const found = all.find(({ object }) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

describe('the widest site', () => {
  it('has every component and every proof switched on', () => {
    const { components, verify } = widestSite(catalog).profile;

    expect(Object.values(components).map(({ enabled }) => enabled)).toEqual(Object.keys(components).map(() => true));
    expect([verify.storage, verify.network]).toEqual([true, true]);
  });
});

describe.skipIf(!existsSync(upstream))('the objects of a platform', () => {
  it('are those of every manifest, and what the installer makes itself', () => {
    const manifests = Object.values(catalog.components).flatMap(({ assets }) => assets.map(({ path }) => path));
    const wanted = manifests.filter((path) => /\.ya?ml$/.test(path));
    const sources = [...new Set(all.map(({ from }) => from))];

    expect(sources.filter((from) => !from.startsWith('phase ')).sort()).toEqual(wanted.sort());
    expect(sources.filter((from) => from.startsWith('phase ')).sort()).toEqual([
      'phase cdi',
      'phase cert-manager',
      'phase k3s',
      'phase longhorn',
      'phase multus',
      'phase nmstate',
      'phase verify',
    ]);
  });

  it('are patched as the phases patch them', () => {
    const multus = one('DaemonSet', 'kube-multus-ds');
    const snapshotter = one('Deployment', 'snapshot-controller');

    expect(multus.from).toBe('manifests/multus/multus-daemonset.yml');
    expect(multus.object.spec.template.spec.containers[0].image).toBe('ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0');
    expect(snapshotter.object.spec.template.spec.containers[0].image).toBe(
      'registry.k8s.io/sig-storage/snapshot-controller:v8.6.0',
    );
    expect(one('KubeVirt', 'kubevirt').object.spec.configuration.developerConfiguration.featureGates).toContain(
      'VMExport',
    );
  });

  it('hold the pods of the proofs and the sample machine', () => {
    const pods = all.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object.metadata.name);

    expect(pods).toEqual([
      'trial-dns',
      'trial-hairpin',
      'trial-filesystem-writer',
      'trial-filesystem-reader',
      'trial-block-writer',
      'trial-block-reader',
      'trial-plain',
      'trial-second-nic',
      'trial-reach',
    ]);
    expect(one('Wukong', 'novasphere-sample')).toMatchObject({ from: 'phase verify' });
  });

  it('are fewer where the profile leaves a component out', async () => {
    const site = widestSite(catalog);
    const components = { ...site.profile.components, longhorn: { enabled: false } };
    const without = { ...site, profile: { ...site.profile, components } };

    const objects = await platformObjects(without, rehearsedBundle(catalog, upstream));

    expect(objects.filter(({ from }) => from.startsWith('manifests/longhorn/'))).toEqual([]);
    expect(objects.length).toBeGreaterThan(100);
  });
});
