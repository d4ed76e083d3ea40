import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import type { Json } from '#kube/json';
import { cdi } from '#phases/cdi/cdi';
import { certManager } from '#phases/cert-manager/cert-manager';
import { kubevirt } from '#phases/kubevirt/kubevirt';
import { longhorn } from '#phases/longhorn/longhorn';
import { multus } from '#phases/multus/multus';
import { nmstate } from '#phases/nmstate/nmstate';
import { operator } from '#phases/operator/operator';
import { type FakeStage, fakeStage, siteOf } from '#phases/verbs/fake-stage';
import { manifestsOf } from '#phases/verbs/manifest';
import { objectDifferences } from '#phases/verbs/object-changes';
import { nameOf } from '#phases/verbs/object-name';
import type { PhaseFor, Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';

const checkout = resolve(import.meta.dirname, '../../..');
const upstream = resolve(checkout, '../shared/upstream');
const catalog = await loadCatalog(checkout);
const bundle = rehearsedBundle(catalog, upstream);
const phases = { longhorn, multus, nmstate, kubevirt, cdi, 'cert-manager': certManager, operator };
const sites = {
  'single-node': siteOf(catalog),
  'three-node': siteOf(catalog, {}, 3),
};

/** Applies everything of a phase but its proofs, to a cluster that establishes definitions at once. */
async function applied(phaseFor: PhaseFor, site: Site): Promise<FakeStage> {
  const stage = fakeStage(bundle);
  stage.files.set('/dev/kvm', '');
  stage.cluster.react = (object) => {
    if (object.kind === 'CustomResourceDefinition')
      stage.cluster.put({ ...object, status: { conditions: [{ type: 'Established', status: 'True' }] } });
  };
  for (const step of phaseFor(site).steps) {
    const found = await step.probe(stage);
    const isProof = found.state === 'drifted' && found.changes[0].what.startsWith('prove:');
    if (found.state === 'drifted' && !isProof) await step.apply(stage, stage.act);
  }
  return stage;
}

/** What we apply, in one line an object; every field that upstream has otherwise; and whole what upstream has not. */
async function summary(name: keyof typeof phases, site: Site): Promise<string> {
  const stage = await applied(phases[name], site);
  const components = name === 'longhorn' ? (['snapshotter', 'longhorn'] as const) : ([name] as const);
  const all = await Promise.all(components.map((one) => manifestsOf(bundle, catalog.components[one])));
  const originals = new Map(all.flat().map((object) => [nameOf(object), object]));
  const objects = [...stage.cluster.objects.values()];
  const patched = objects.flatMap((object) => patchesOf(originals.get(nameOf(object)), object));
  const own = objects.filter((object) => !originals.has(nameOf(object)));
  return dump(
    { objects: objects.map(inOneLine), 'patched fields': Object.fromEntries(patched), 'our own': own.map(bare) },
    { lineWidth: -1 },
  );
}

function patchesOf(original: KubeObject | undefined, object: KubeObject): readonly (readonly [string, Json])[] {
  const fields = original === undefined ? [] : objectDifferences(original, bare(object));
  if (fields.length === 0) return [];
  return [[nameOf(object), Object.fromEntries(fields.map(({ path, to }) => [path, to ?? 'nothing']))]];
}

/** Without what every object gets, and what the fake server adds. */
function bare(whole: KubeObject): KubeObject {
  const { status: _status, ...object } = whole;
  const { uid: _uid, labels: _labels, ...metadata } = object.metadata;
  const labels: Record<string, string> = { ...object.metadata.labels };
  delete labels['novasphere.dev/component'];
  if (labels['app.kubernetes.io/managed-by'] === 'novasphere-installer') delete labels['app.kubernetes.io/managed-by'];
  return { ...object, metadata: Object.keys(labels).length === 0 ? metadata : { ...metadata, labels } };
}

function inOneLine(object: KubeObject): string {
  const spec: Json = object['spec']?.template?.spec;
  const images = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((one: Json) => one.image);
  const replicas = object['spec']?.replicas === undefined ? '' : ` × ${object['spec'].replicas}`;
  return `${nameOf(object)}${replicas}${images.length === 0 ? '' : `: ${[...new Set(images)].join(', ')}`}`;
}

describe.skipIf(!existsSync(upstream))('what is applied for', () => {
  for (const [size, site] of Object.entries(sites))
    for (const name of Object.keys(phases) as (keyof typeof phases)[])
      it(`${name} on a ${size} site`, async () => {
        await expect(await summary(name, site)).toMatchFileSnapshot(`${size}/${name}.yaml`);
      });
});

describe('every image', () => {
  it.skipIf(!existsSync(upstream))('that a manifest names after our patches is in the catalog', async () => {
    const known = new Set(Object.values(catalog.components).flatMap(({ images }) => images.map((one) => one.reference)));
    // Plumbed through by the operator of NMState, which deploys nothing from it (release v0.86.0).
    const unused = new Set(['quay.io/openshift/origin-kube-rbac-proxy:4.10.0']);

    for (const phaseFor of Object.values(phases)) {
      const { cluster } = await applied(phaseFor, sites['single-node']);
      const workloads = [...cluster.objects.values()].filter((one) => ['Deployment', 'DaemonSet'].includes(one.kind));
      const text = JSON.stringify(workloads);
      const named = text.match(/[a-z0-9.-]+\.[a-z]+\/[a-z0-9./-]+:v?\d[A-Za-z0-9._-]*/g) ?? [];
      for (const image of named) if (!unused.has(image)) expect([...known]).toContain(image);
    }
  });
});

describe('a component that the profile switches off', () => {
  const off = Object.fromEntries(
    ['longhorn', 'multus', 'nmstate', 'kubevirt', 'cdi', 'certManager', 'operator'].map((one) => [one, { enabled: false }]),
  );

  it.each(Object.entries(phases))('leaves no step of %s', (_, phaseFor) => {
    expect(phaseFor(siteOf(catalog, { components: off })).steps).toEqual([]);
  });
});
