import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import { run } from '#engine/run';
import type { Phase } from '#engine/step';
import { objectsApplied } from '#phases/verbs/objects-applied';
import type { KubeObject } from '#ports/cluster';
import type { World } from '#ports/world';
import { silent } from '../fixtures/small-world.ts';
import { hasUpstream, upstreamObjects } from '../fixtures/upstream-objects.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

// A converged rerun sends nothing that could change anything, and no dry run either: counted by the API server.

const components = ['snapshotter', 'longhorn', 'multus', 'nmstate', 'kubevirt', 'cdi', 'cert-manager'] as const;

let plane: ControlPlane;
beforeAll(async () => {
  plane = await ControlPlane.start();
});
afterAll(() => plane.close());

/** Nobody plays the components here: what only they could mend would fail the run, and what they serve is left out. */
function objectsOf(component: (typeof components)[number]): readonly KubeObject[] {
  return upstreamObjects(component).filter(({ kind }) => !/WebhookConfiguration$|^(KubeVirt|CDI|NMState)$/.test(kind));
}

const phases: readonly Phase[] = components.map((component) => ({
  id: component,
  title: component,
  on: 'cluster',
  needs: [],
  steps: [
    objectsApplied({
      id: `${component}/install`,
      title: `Install ${component}`,
      component,
      objects: () => objectsOf(component),
    }),
  ],
}));

async function walk(): Promise<Awaited<ReturnType<typeof run>>> {
  const cluster = new KubeCluster(plane.transport('novasphere-installer'), systemClock());
  const world = { host: () => ({ name: 'plant-7-a' }), cluster, clock: systemClock() } as unknown as World;
  const none = new Set<string>();
  const units = phases.map((phase) => ({ phase, host: 'plant-7-a' }));
  return run(units, world, {
    mode: 'apply',
    head: { event: 'run-began' } as never,
    concurrency: 1,
    consents: none,
    intents: none,
    journal: { append: () => undefined },
    view: silent,
    signal: new AbortController().signal,
  });
}

const sent = async () => (await plane.audit()).filter(({ user }) => user === 'novasphere-installer');

describe.skipIf(!hasUpstream)('the real manifests on a real API server', () => {
  it('are applied, and a second run only looks: a few requests, none of them a write or a dry run', async () => {
    const first = await walk();
    expect(first.faults.map((fault) => fault.record())).toEqual([]);
    const before = (await sent()).length;

    const second = await walk();

    const requests = (await sent()).slice(before);
    const objects = components.flatMap(objectsOf).length;
    expect(second).toMatchObject({ outcome: 'done', changed: 0 });
    expect(requests.filter(({ mutating, dryRun }) => mutating || dryRun)).toEqual([]);
    expect(requests.length).toBeLessThan(objects);
  });
});
