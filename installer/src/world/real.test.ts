import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KubeCluster } from '#adapters/kube-cluster';
import { VirtualClock } from '#simulation/virtual-clock';
import { lateTransport } from './real.ts';

it('takes a kubeconfig that k3s has not written yet for a server that does not answer yet', async () => {
  const path = join(tmpdir(), 'nobody-writes-this', 'k3s.yaml');
  const cluster = new KubeCluster(lateTransport(path), new VirtualClock());

  await expect(cluster.list({ apiVersion: 'v1', kind: 'Node' })).rejects.toMatchObject({
    code: 'CLUSTER-UNREACHABLE',
    cause: `there is no kubeconfig at ${path} yet`,
  });
});
