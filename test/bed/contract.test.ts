import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import type { Transport } from '#kube/transport';
import { clusterContract } from '../contract/cluster/cluster-contract.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

let plane: ControlPlane;
let transport: Transport;
beforeAll(async () => {
  plane = await ControlPlane.start();
  transport = plane.transport('admin');
});
afterAll(() => plane.close());

/** Controllers that have not begun yet do not survive the end of their API server. */
async function controllersAreThere(): Promise<void> {
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  while ((await transport.request({ method: 'GET', path })).status !== 200) await sleep(100);
}

async function forgetHistory(): Promise<void> {
  await controllersAreThere();
  await plane.compact();
  await plane.stopApiServer();
  await plane.startApiServer();
}

/** The claims about the simulated API server are true of the real one. */
clusterContract('the real API server', async () => ({
  transport,
  pass: (milliseconds) => sleep(milliseconds),
  now: () => Date.now(),
  forgetHistory,
}));
