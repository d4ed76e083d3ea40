import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gate, minute, second, type Verdict } from '#engine/step';
import { gate } from '#phases/verbs/condition';
import { deploymentAvailable } from '#phases/verbs/workload-ready';
import type { Sight } from '#ports/world';
import { type ExplainBed, simulatedBed } from './bed.ts';
import { Scene } from './scene.ts';
import { creating } from './states.ts';

describe('a gate that waits', () => {
  let bed: ExplainBed;
  let sight: Sight;
  beforeEach(() => {
    bed = simulatedBed();
    sight = { cluster: bed.cluster, now: () => bed.clock.now() } as Sight;
  });
  afterEach(() => bed.close());

  /** What a gate says every 25 s. */
  async function looks(waits: Gate, count: number): Promise<readonly Verdict[]> {
    const told: Verdict[] = [];
    for (let left = count; left > 0; left--) {
      told.push(await waits.check(sight));
      await bed.clock.sleep(25 * second);
    }
    return told;
  }

  const about = { title: 'virt-api to run', soft: 2 * minute, hard: 5 * minute };

  it('names its symptom first, and after a minute the root, which is also what it ends with', async () => {
    const scene = new Scene(bed);
    const silent = 'PLEG is not healthy: pleg was last seen active 3m12s ago; threshold is 3m0s';
    await scene.node('node-a', [['Ready', 'False', 'KubeletNotReady', silent]]);
    const pod = await scene.workload('Deployment', 'kubevirt', 'virt-api');
    await scene.podStatus(pod, creating('virt-api'));
    const waits = gate(about, deploymentAvailable('kubevirt', 'virt-api'));

    const [first, ...others] = await looks(waits, 4);

    const symptom = `Deployment kubevirt/virt-api has 0 of 1 replicas available: container virt-api of Pod kubevirt/${pod.metadata.name} is starting`;
    expect(first).toMatchObject({ ready: false, because: symptom });
    expect(others.at(-1)).toMatchObject({ because: `${symptom}; at the root of it: node node-a is not Ready` });
    expect(await waits.explain?.(sight, '')).toMatchObject({ code: 'NODE-NOT-READY', where: ['object Node node-a'] });
  });

  it('goes on naming its symptom where nothing else is wrong', async () => {
    const scene = new Scene(bed);
    await scene.node();
    await scene.workload('Deployment', 'kubevirt', 'virt-api');
    const waits = gate(about, deploymentAvailable('kubevirt', 'virt-api'));

    const told = await looks(waits, 4);

    expect(new Set(told.map((one) => (one.ready ? 'ready' : one.because))).size).toBe(1);
    expect(await waits.explain?.(sight, '')).toBeUndefined();
  });
});
