import { expect, it } from 'vitest';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import type { Judge } from './judge.ts';
import { snapshotContract } from './snapshot-contract.ts';
import { wukongContract } from './wukong-contract.ts';

async function simulated(): Promise<Judge> {
  const clock = new VirtualClock();
  return { transport: new SimulatedApiServer({ clock }), pass: (milliseconds) => clock.sleep(milliseconds) };
}

wukongContract('the simulated API server', simulated);
snapshotContract('the simulated API server', simulated);

it('has no rule that the simulated API server cannot read', async () => {
  const server = new SimulatedApiServer({ clock: new VirtualClock() });
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

  for (const body of [wukongCrd(), wukongSnapshotCrd()])
    expect((await server.request({ method: 'POST', path, body })).status).toBe(201);
  expect(server.skippedRules).toEqual([]);
});
