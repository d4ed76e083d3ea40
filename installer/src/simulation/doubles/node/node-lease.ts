import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';

/** Real milliseconds between renewals, as the kubelet's (`nodeLeaseDurationSeconds` 40, a quarter of it). */
const EVERY = 10_000;

/** The sign of life by which a real node controller knows that a kubelet is still there. */
export async function renewLease(stage: Stage, node: string): Promise<never> {
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: node, namespace: 'kube-node-lease' },
  };
  await stage.api.ensure({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-node-lease' } });
  await stage.api.ensure(lease);
  for (;;) {
    const renewTime = `${new Date(stage.bench.clock.now()).toISOString().slice(0, -1)}000Z`;
    const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime };
    await stage.api.patch(pathOf(lease), { spec });
    const until = stage.bench.clock.now() + EVERY;
    // A clock that hurries its sleepers still shows the real time.
    while (stage.bench.clock.now() < until) await stage.bench.clock.sleep(EVERY, stage.bench.signal);
  }
}
