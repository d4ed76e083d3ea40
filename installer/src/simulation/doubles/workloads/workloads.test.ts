import { beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { nodeDouble } from '../node/node.ts';
import { TestBench } from '../test-bench.ts';
import { workloadsDouble } from './workloads.ts';

const old = 'busybox:1.36';
const fresh = 'busybox:1.37';

function template(name: string, image: string, more: Json = {}): Json {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }], ...more } };
}

function workload(kind: string, name: string, spec: Json, image = old): KubeObject {
  const selector = { matchLabels: { app: name } };
  const apiVersion = 'apps/v1';
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: 'default' },
    spec: { selector, template: template(name, image), ...spec },
  };
}

describe('the controller manager', () => {
  let world: TestBench;
  const at = (plural: string, name: string) => world.get(`/apis/apps/v1/namespaces/default/${plural}/${name}`);
  const pods = () => world.list('/api/v1/namespaces/default/pods');

  beforeEach(async () => {
    world = new TestBench();
    for (const image of [old, fresh]) world.machine.images.add(`docker.io/library/${image}`);
    world.start([nodeDouble([]), workloadsDouble]);
    await world.pass(20);
    return () => world.stop();
  });

  it('rolls a Deployment out and says so as the real controller does', async () => {
    await world.apply(workload('Deployment', 'web', { replicas: 3 }));
    await world.pass(10);

    expect((await at('deployments', 'web'))['status']).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    });
  });

  it('moves a Deployment to a new template without losing a replica', async () => {
    await world.apply(workload('Deployment', 'web', { replicas: 2 }));
    await world.pass(10);
    await world.apply(workload('Deployment', 'web', { replicas: 2 }, fresh));
    await world.pass(30);

    const images = (await pods()).map((pod) => pod['spec'].containers[0].image);
    expect(images).toEqual([fresh, fresh]);
    expect((await at('deployments', 'web'))['status']).toMatchObject({
      observedGeneration: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
    });
  });

  it('keeps the old pods while the new image cannot be had, and says after ten minutes that it does not get on', async () => {
    await world.apply(workload('Deployment', 'web', { replicas: 1 }));
    await world.pass(10);
    await world.apply(workload('Deployment', 'web', { replicas: 1 }, 'busybox:none'));
    await world.pass(60);
    const early = (await at('deployments', 'web'))['status'];
    await world.pass(600);

    expect(early).toMatchObject({ replicas: 2, availableReplicas: 1, unavailableReplicas: 1 });
    expect((await at('deployments', 'web'))['status'].conditions[1]).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });

  it('scales to nothing and takes everything along when the Deployment goes', async () => {
    await world.apply(workload('Deployment', 'web', { replicas: 2 }));
    await world.pass(10);
    await world.apply(workload('Deployment', 'web', { replicas: 0 }));
    await world.pass(10);
    const none = await pods();
    await world.apply(workload('Deployment', 'web', { replicas: 1 }));
    await world.pass(10);
    await world.remove('/apis/apps/v1/namespaces/default/deployments/web');
    await world.pass(10);

    expect(none).toEqual([]);
    expect(await pods()).toEqual([]);
    expect(await world.list('/apis/apps/v1/namespaces/default/replicasets')).toEqual([]);
  });

  it('waits for the ServiceAccount that a pod needs, and tells the refusal', async () => {
    await world.apply(
      workload('Deployment', 'web', { template: template('web', old, { serviceAccountName: 'late' }) }),
    );
    await world.pass(10);
    const [set] = await world.list('/apis/apps/v1/namespaces/default/replicasets');
    await world.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'late', namespace: 'default' } });
    await world.pass(30);

    expect(set!['status'].conditions[0]).toMatchObject({ type: 'ReplicaFailure', reason: 'FailedCreate' });
    expect((await at('deployments', 'web'))['status'].availableReplicas).toBe(1);
  });

  it('puts a pod of a DaemonSet on the node and renews it with its template', async () => {
    await world.apply(workload('DaemonSet', 'agent', {}));
    await world.pass(10);
    const before = (await at('daemonsets', 'agent'))['status'];
    await world.apply(workload('DaemonSet', 'agent', {}, fresh));
    await world.pass(20);

    expect(before).toMatchObject({
      desiredNumberScheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
      observedGeneration: 1,
    });
    expect((await pods()).map((pod) => pod['spec'].containers[0].image)).toEqual([fresh]);
    expect((await at('daemonsets', 'agent'))['status']).toMatchObject({
      numberReady: 1,
      updatedNumberScheduled: 1,
      observedGeneration: 2,
    });
  });

  it('leaves nodes alone that a DaemonSet does not select', async () => {
    await world.apply(
      workload('DaemonSet', 'gpu', { template: template('gpu', old, { nodeSelector: { gpu: 'yes' } }) }),
    );
    await world.pass(10);

    expect((await at('daemonsets', 'gpu'))['status']).toMatchObject({ desiredNumberScheduled: 0, numberReady: 0 });
  });

  it('runs a Job to its end', async () => {
    const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: old }] } } };
    await world.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once', namespace: 'default' }, spec });
    await world.pass(20);

    const { status } = await world.get('/apis/batch/v1/namespaces/default/jobs/once');
    expect(status).toMatchObject({
      succeeded: 1,
      conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete', status: 'True' }],
    });
  });

  it('numbers the pods of a StatefulSet and starts them one after the other', async () => {
    await world.apply(workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }));
    await world.pass(20);

    expect((await pods()).map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
    expect((await at('statefulsets', 'db'))['status']).toMatchObject({ replicas: 2, readyReplicas: 2 });
  });

  it('lists the ready pods behind a Service', async () => {
    await world.apply(workload('Deployment', 'web', { replicas: 1 }));
    await world.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await world.pass(10);

    const [slice] = await world.list('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices');
    expect(slice!['endpoints']).toMatchObject([{ addresses: ['10.42.0.2'], conditions: { ready: true } }]);
  });

  it('gives every new namespace its default ServiceAccount a few seconds later', async () => {
    await world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } });
    const before = await world.list('/api/v1/namespaces/fresh/serviceaccounts');
    await world.pass(5);

    expect(before).toEqual([]);
    expect((await world.list('/api/v1/namespaces/fresh/serviceaccounts')).map((one) => one.metadata.name)).toEqual([
      'default',
    ]);
  });
});
