import { expect, it } from 'vitest';
import { wukongCrd } from '#operator/api/wukong-crd';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { wukongContract } from './wukong-contract.ts';

const clock = new VirtualClock();

wukongContract('the simulated API server', async () => ({
  transport: new SimulatedApiServer({ clock }),
  pass: (milliseconds) => clock.sleep(milliseconds),
}));

it('has no rule that the simulated API server cannot read', async () => {
  const server = new SimulatedApiServer({ clock });
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

  const { status } = await server.request({ method: 'POST', path, body: wukongCrd() });

  expect(status).toBe(201);
  expect(server.skippedRules).toEqual([]);
});
