import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { loadCatalog } from '#catalog/load-catalog';
import { pass } from '#engine/pass';
import type { Act, Step } from '#engine/step';
import { cdi } from '#phases/cdi/cdi';
import { certManager } from '#phases/cert-manager/cert-manager';
import { kubevirt } from '#phases/kubevirt/kubevirt';
import { longhorn } from '#phases/longhorn/longhorn';
import { multus } from '#phases/multus/multus';
import { nmstate } from '#phases/nmstate/nmstate';
import { operator } from '#phases/operator/operator';
import { fakeStage, siteOf } from '#phases/verbs/fake-stage';
import type { Stage } from '#ports/world';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { VirtualClock } from '#simulation/virtual-clock';

const checkout = resolve(import.meta.dirname, '../../..');
const catalog = await loadCatalog(checkout);
const bundle = rehearsedBundle(catalog, undefined);

/** An API server without a single controller behind it: enough for what is only applied. */
function onServer() {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const cluster = new KubeCluster(server, clock);
  const stage: Stage = { ...fakeStage(bundle), cluster, now: () => clock.now() };
  const { signal } = new AbortController();
  const waitFor: Act['waitFor'] = (gate) => pass(gate, stage, { clock, signal, waiting: () => {} });
  return { server, stage, act: { changes: [], signal, waitFor } };
}

async function stepsThatOnlyApply(stage: Stage): Promise<readonly Step[]> {
  const site = siteOf(catalog);
  const all = [longhorn, multus, nmstate, kubevirt, cdi, certManager, operator].flatMap((one) => one(site).steps);
  const chosen: Step[] = [];
  for (const step of all) {
    const found = await step.probe(stage);
    if (found.state === 'drifted' && !found.changes[0].what.startsWith('prove:')) chosen.push(step);
  }
  return chosen;
}

describe('what is applied, on an API server', () => {
  it('settles at once, and a second time nothing is written', async () => {
    const { server, stage, act } = onServer();
    const steps = await stepsThatOnlyApply(stage);
    expect(steps.length).toBeGreaterThan(9);

    for (const step of steps) {
      await step.apply(stage, act);
      expect(await step.probe(stage), step.id).toEqual({ state: 'converged' });
    }
    const { revision } = server;
    for (const step of steps) await step.apply(stage, act);

    expect(server.revision).toBe(revision);
  });

  it('is put right when somebody has changed one field of it', async () => {
    const { stage, act } = onServer();
    const step = multus(siteOf(catalog)).steps[0] as Step;
    await step.apply(stage, act);
    await stage.cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'multus-cni-config', namespace: 'kube-system' },
      data: { 'cni-conf.json': 'somebody was here' },
    });

    const found = await step.probe(stage);

    expect(found).toMatchObject({
      state: 'drifted',
      changes: expect.arrayContaining([
        {
          what: "update ConfigMap kube-system/multus-cni-config data['cni-conf.json']",
          from: 'somebody was here',
          to: '{}',
        },
      ]),
    });
  });
});
