import type { Transport } from '#kube/transport';
import type { Cluster, KubeObject } from '#ports/cluster';

const path = '/api/v1/namespaces/default/configmaps';

/** How long after each of so many writes an observation has seen it, in milliseconds. */
export async function waitForGate(cluster: Cluster, writer: Transport, times: number): Promise<readonly number[]> {
  const name = 'gate';
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: {},
  };
  await writer.request({ method: 'POST', path, body: object });
  const observation = cluster.observe();
  const delays: number[] = [];
  for (let round = 1; round <= times; round++) {
    const seen = async () => {
      const found = await observation.sight.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
      return found?.['data']?.round === String(round);
    };
    await seen();
    const body = { data: { round: String(round) } };
    const contentType = 'application/merge-patch+json';
    const began = performance.now();
    await writer.request({ method: 'PATCH', path: `${path}/${name}`, body, contentType });
    while (!(await seen())) await observation.changed(AbortSignal.timeout(10_000));
    delays.push(performance.now() - began);
  }
  observation.close();
  return delays;
}
