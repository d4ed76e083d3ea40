import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { systemClock } from '#adapters/system-clock';
import { run } from '#engine/run';
import { minute, type Phase, second } from '#engine/step';
import { gate, met, unmet } from '#phases/verbs/condition';
import { objectsApplied } from '#phases/verbs/objects-applied';
import type { KubeObject } from '#ports/cluster';
import type { Entry } from '#ports/journal';
import type { World } from '#ports/world';
import { ControlPlane } from '../testbed/control-plane.ts';

// The API server ends as in a crash, in the middle of a change and in the middle of a wait, and comes back with other
// tokens: that only makes the run wait, and it says so.

let plane: ControlPlane;
beforeAll(async () => {
  plane = await ControlPlane.start();
});
afterAll(() => plane.close());

const settings = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { a: '1' },
});
const marker = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'marker' };

/** A step that waits for a marker once its objects are there. */
function phases(objects: () => Promise<readonly KubeObject[]>): readonly Phase[] {
  const marked = gate({ title: 'the marker to be there', soft: 20 * second, hard: 1 * minute }, async ({ cluster }) =>
    (await cluster.get(marker)) === undefined ? unmet('there is no marker yet') : met('it is there'),
  );
  const step = objectsApplied({ id: 'cdi/install', title: 'Install', component: 'cdi', objects, gate: marked });
  return [{ id: 'cdi', title: 'CDI', on: 'cluster', needs: [], steps: [step] }];
}

async function play(steps: readonly Phase[], show: (entry: Entry) => void) {
  const cluster = new KubeCluster(plane.transport('novasphere-installer'), systemClock());
  const world = { host: () => ({ name: 'plant-7-a' }), cluster, clock: systemClock() } as unknown as World;
  const none = new Set<string>();
  return run(
    steps.map((phase) => ({ phase, host: 'plant-7-a' })),
    world,
    {
      mode: 'apply',
      head: { event: 'run-began' } as never,
      concurrency: 1,
      consents: none,
      intents: none,
      journal: { append: () => undefined },
      view: { show, close: async () => undefined },
      signal: new AbortController().signal,
    },
  );
}

describe('a real API server that ends in the middle of a run', () => {
  it('is waited for, in a change and at a gate, and the wait is told', { timeout: 60_000 }, async () => {
    const waits: string[] = [];
    let looks = 0;
    const back = async () => {
      await plane.changeTokens();
      await plane.startApiServer();
    };
    const objects = async () => {
      // The second look is that of the apply, right before it sends anything.
      if (++looks === 2) await plane.stopApiServer();
      return ['one', 'two', 'three'].map(settings);
    };
    const met = new Set<string>();
    const acts = { apply: back, gate: () => plane.stopApiServer(), away: () => back().then(mark) };
    const isFirst = (what: string) => !met.has(what) && met.add(what).has(what);
    const played = play(phases(objects), (entry) => {
      if (entry.event !== 'waiting') return;
      waits.push(`${entry.gate}: ${entry.because.replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')}`);
      const where =
        entry.gate === 'the API server to answer'
          ? 'apply'
          : entry.because === 'there is no marker yet'
            ? 'gate'
            : 'away';
      if (isFirst(where)) void acts[where]();
    });
    const mark = async () => {
      const cluster = new KubeCluster(plane.transport('admin'), systemClock());
      await cluster.apply(settings('marker'));
    };

    const { outcome, faults } = await played;

    expect(faults.map((fault) => fault.record())).toEqual([]);
    expect(outcome).toBe('done');
    expect(waits[0]).toMatch(
      /^the API server to answer: (connect ECONNREFUSED ADDRESS|other side closed|read ECONNRESET)/,
    );
    expect(waits.at(-1)).toMatch(
      /^the marker to be there: (there is no marker yet|The API server does not answer \(tried to list ConfigMap\): .+)$/,
    );
    expect([...met]).toEqual(['apply', 'gate', 'away']);
  });
});
