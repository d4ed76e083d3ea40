import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { fakeStage } from './fake-stage.ts';
import { daemonSetReady, deploymentAvailable } from './workload-ready.ts';

const deployment = (status: Json, generation = 1): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'virt-api', namespace: 'kubevirt', generation },
  spec: { replicas: 1, selector: { matchLabels: { app: 'virt-api' } } },
  status: { observedGeneration: 1, ...status },
});
const pod = (status: Json): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'virt-api-x', namespace: 'kubevirt', uid: 'u1', labels: { app: 'virt-api' } },
  spec: { nodeName: 'plant-7-a', containers: [{ name: 'virt-api', image: 'quay.io/kubevirt/virt-api:v1.8.4' }] },
  status,
});
const waiting = (reason: string, message = '') => ({
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'virt-api',
      image: 'quay.io/kubevirt/virt-api:v1.8.4',
      restartCount: 0,
      state: { waiting: { reason, message } },
    },
  ],
});
const available = deploymentAvailable('kubevirt', 'virt-api');
const ready = { availableReplicas: 1, updatedReplicas: 1, conditions: [{ type: 'Available', status: 'True' }] };

describe('a Deployment', () => {
  it('is waited for by its name while it does not exist', async () => {
    expect(await available(fakeStage())).toEqual({
      ready: false,
      because: 'Deployment kubevirt/virt-api does not exist yet',
    });
  });

  it('is ready with all its replicas available', async () => {
    const stage = fakeStage();
    stage.cluster.put(deployment(ready));

    expect(await available(stage)).toEqual({
      ready: true,
      evidence: ['Deployment kubevirt/virt-api: 1 of 1 replicas available'],
    });
  });

  it('does not believe a status of before the change', async () => {
    const stage = fakeStage();
    stage.cluster.put(deployment(ready, 2));

    expect(await available(stage)).toEqual({
      ready: false,
      because: 'the controller has not seen the newest version of Deployment kubevirt/virt-api yet',
    });
  });

  it('says what its pod waits for', async () => {
    const stage = fakeStage();
    stage.cluster.put(deployment({}), pod(waiting('ContainerCreating')));

    expect(await available(stage)).toMatchObject({
      ready: false,
      because:
        'Deployment kubevirt/virt-api has 0 of 1 replicas available: container virt-api of Pod kubevirt/virt-api-x is starting',
    });
  });
});

describe('an image that is not there', () => {
  it('is hopeless once the kubelet has failed for a minute', async () => {
    const stage = fakeStage();
    const condition = deploymentAvailable('kubevirt', 'virt-api');
    stage.cluster.put(deployment({}), pod(waiting('ImagePullBackOff', 'Back-off pulling image')));

    const first = await condition(stage);
    stage.turn(31_000);
    await condition(stage);
    stage.turn(31_000);
    const last = await condition(stage);

    expect(first).not.toHaveProperty('hopeless');
    expect(last).toMatchObject({
      hopeless: {
        code: 'IMAGE-MISSING',
        message: 'the image quay.io/kubevirt/virt-api:v1.8.4 is not on plant-7-a, and it cannot be pulled',
        cause: 'Back-off pulling image',
      },
    });
  });

  it('is waited for when it has come since: the kubelet tries again', async () => {
    const stage = fakeStage();
    const condition = deploymentAvailable('kubevirt', 'virt-api');
    stage.images.add('quay.io/kubevirt/virt-api:v1.8.4');
    stage.cluster.put(deployment({}), pod(waiting('ImagePullBackOff', 'Back-off pulling image')));

    await condition(stage);
    stage.turn(55_000);
    await condition(stage);
    stage.turn(55_000);
    const seen = await condition(stage);

    expect(seen).toMatchObject({
      ready: false,
      because:
        'Deployment kubevirt/virt-api has 0 of 1 replicas available: Pod kubevirt/virt-api-x waits: the image is on plant-7-a by now, and the kubelet tries again within 5 min',
    });
    expect(seen).not.toHaveProperty('hopeless');
  });

  it('counts anew after a break, as in a run after a power cut', async () => {
    const stage = fakeStage();
    const condition = deploymentAvailable('kubevirt', 'virt-api');
    stage.cluster.put(deployment({}), pod(waiting('ErrImagePull', 'not found')));

    await condition(stage);
    stage.turn(30 * 60_000);

    expect(await condition(stage)).not.toHaveProperty('hopeless');
  });

  it('is told apart from one that the registry refuses', async () => {
    const stage = fakeStage();
    stage.cluster.put(deployment({}), pod(waiting('ErrImagePull', 'insufficient_scope: authorization failed')));

    expect(await available(stage)).toMatchObject({
      blame: {
        code: 'IMAGE-DENIED',
        message: 'the image quay.io/kubevirt/virt-api:v1.8.4 is not on plant-7-a, and quay.io refuses to give it',
      },
    });
  });
});

describe('a pod that keeps failing', () => {
  it('is told with its last words and what they mean', async () => {
    const stage = fakeStage();
    const line =
      'Error starting webhooks: admission webhook service is not accessible on cluster after 2m0s sec: timed out waiting';
    stage.cluster.said.set('kubevirt/virt-api-x', `starting\n${line}`);
    const crashed = waiting('CrashLoopBackOff');
    stage.cluster.put(
      deployment({}),
      pod({ ...crashed, containerStatuses: crashed.containerStatuses.map((one) => ({ ...one, restartCount: 3 })) }),
    );

    const seen = await available(stage);

    expect(seen).toMatchObject({
      because:
        'Deployment kubevirt/virt-api has 0 of 1 replicas available: container virt-api of Pod kubevirt/virt-api-x keeps failing (restarted 3 times): longhorn-manager cannot reach its own webhook through its Service: cluster DNS or hairpin traffic is broken',
      blame: { code: 'POD-FAILING', evidence: ['starting', line] },
    });
  });
});

describe('a pod without network', () => {
  const event = (message: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e1', namespace: 'kubevirt' },
    involvedObject: { kind: 'Pod', name: 'virt-api-x', uid: 'u1' },
    reason: 'FailedCreatePodSandBox',
    message,
  });
  const said =
    'plugin type="multus" failed (add): Multus: failed to get context for the kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig: no such file';

  it('is hopeless after a minute, and Multus is named', async () => {
    const stage = fakeStage();
    const condition = deploymentAvailable('kubevirt', 'virt-api');
    stage.cluster.put(deployment({}), pod(waiting('ContainerCreating')), event(said));

    await condition(stage);
    stage.turn(40_000);
    await condition(stage);
    stage.turn(40_000);

    expect(await condition(stage)).toMatchObject({
      hopeless: {
        code: 'NETWORK-BROKEN',
        message: 'Pod kubevirt/virt-api-x gets no network, and Multus is what fails',
      },
    });
  });
});

describe('a DaemonSet', () => {
  it('is not ready while no node wants it', async () => {
    const stage = fakeStage();
    stage.cluster.put({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'kube-multus-ds', namespace: 'kube-system', generation: 1 },
      spec: { selector: { matchLabels: { app: 'multus' } } },
      status: { observedGeneration: 1, desiredNumberScheduled: 0, numberReady: 0, updatedNumberScheduled: 0 },
    });

    expect(await daemonSetReady('kube-system', 'kube-multus-ds')(stage)).toMatchObject({
      ready: false,
      because: 'DaemonSet kube-system/kube-multus-ds has 0 of 0 pods ready: there is no pod yet',
    });
  });
});
