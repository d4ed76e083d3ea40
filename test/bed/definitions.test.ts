import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import type { Cluster, KubeObject } from '#ports/cluster';
import { snapshotContract } from '../contract/definitions/snapshot-contract.ts';
import { wukongContract } from '../contract/definitions/wukong-contract.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

const root = join(import.meta.dirname, '../..');
const upstream = join(root, '../shared/upstream');

let plane: ControlPlane;
let cluster: Cluster;
beforeAll(async () => {
  plane = await ControlPlane.start();
  cluster = new KubeCluster(plane.transport('novasphere-installer'), systemClock());
});
afterAll(() => plane.close());

/** Every definition in some files, each once. */
function definitionsIn(files: readonly string[]): readonly KubeObject[] {
  const all = files.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as (KubeObject | null)[]);
  const definitions = all.filter((one) => one?.kind === 'CustomResourceDefinition') as KubeObject[];
  return [...new Map(definitions.map((one) => [one.metadata.name, one])).values()];
}

/** Waits, as a gate does, until all of them say that they are established. */
async function established(definitions: readonly KubeObject[]): Promise<void> {
  const kept = cluster.observe();
  try {
    for (;;) {
      const found = await kept.sight.list({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' });
      const ready = new Set(found.filter(isEstablished).map(({ metadata }) => metadata.name));
      if (definitions.every(({ metadata }) => ready.has(metadata.name))) return;
      await kept.changed(AbortSignal.timeout(30_000));
    }
  } finally {
    kept.close();
  }
}

function isEstablished({ status }: KubeObject): boolean {
  const conditions: readonly { type: string; status: string }[] = status?.conditions ?? [];
  return conditions.some((one) => one.type === 'Established' && one.status === 'True');
}

const changes = async () =>
  (await plane.audit()).filter(({ user, mutating }) => mutating && user === 'novasphere-installer').length;

describe.skipIf(!existsSync(upstream))('the definitions of all components and our own on a real API server', () => {
  const files = globSync('**/*.y*ml', { cwd: upstream }).toSorted();
  const all = definitionsIn([join(root, 'manifests/operator/crds.yaml'), ...files.map((file) => join(upstream, file))]);

  it('are applied, established and served, and the second time nothing is sent', async () => {
    for (const one of all) await cluster.apply(one);
    await established(all);
    const before = await changes();

    for (const one of all) await cluster.apply(one);

    expect(all.length).toBeGreaterThan(70);
    expect(before).toBeGreaterThanOrEqual(all.length);
    expect(await changes()).toBe(before);
    const unserved: string[] = [];
    for (const { spec } of all) {
      const version = spec.versions.find((stated: { served: boolean }) => stated.served).name;
      if (!(await cluster.serves(`${spec.group}/${version}`, spec.names.kind))) unserved.push(spec.names.kind);
    }
    expect(unserved).toEqual([]);
  });
});

const real = async () => ({
  transport: plane.transport('admin'),
  pass: (milliseconds: number) => sleep(milliseconds),
});
wukongContract('the real API server', real);
snapshotContract('the real API server', real);
