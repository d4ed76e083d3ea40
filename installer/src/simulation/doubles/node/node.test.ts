import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { TestBench } from '../test-bench.ts';
import { testMachine } from '../test-machine.ts';
import { storageDouble } from '../workloads/storage.ts';
import { workloadsDouble } from '../workloads/workloads.ts';
import { nodeDouble } from './node.ts';
import { programs } from './programs.ts';

const pod = (name: string, more: object = {}, meta: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...meta },
  spec: { containers: [{ name: 'main', image: 'busybox:1.37' }], ...more },
});

describe('a node', () => {
  let world: TestBench;
  const at = (name: string) => world.get(`/api/v1/namespaces/default/pods/${name}`);

  beforeEach(() => {
    world = new TestBench();
    world.machine.images.add('docker.io/library/busybox:1.37');
    world.start([nodeDouble(programs), workloadsDouble, storageDouble]);
    return () => world.stop();
  });

  it('registers not ready, and is ready a few seconds later, with the id of this boot', async () => {
    await world.pass(5);
    const early = await world.get('/api/v1/nodes/plant-7-a');
    await world.pass(15);
    const node = await world.get('/api/v1/nodes/plant-7-a');

    expect(ready(early)).toMatchObject({ status: 'False', reason: 'KubeletNotReady' });
    expect(ready(node)).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(node['status'].nodeInfo).toMatchObject({ bootID: 'plant-7-a-boot-1', kubeletVersion: 'v1.35.8+k3s1' });
    expect(node['spec'].taints ?? []).toEqual([]);
  });

  it('runs a pod: address from the pod network, Ready, default ServiceAccount', async () => {
    await world.pass(20);
    await world.apply(pod('web'));
    await world.pass(10);

    const { status, spec } = await at('web');
    expect(spec.nodeName).toBe('plant-7-a');
    expect(status).toMatchObject({ phase: 'Running', podIP: '10.42.0.2', hostIP: '10.7.0.10' });
    expect(status.containerStatuses[0]).toMatchObject({ ready: true, image: 'docker.io/library/busybox:1.37' });
  });

  it('says in containerd’s words that an image cannot be pulled, and starts once it is there', async () => {
    await world.pass(20);
    await world.apply(pod('web', { containers: [{ name: 'main', image: 'longhornio/longhorn-engine:v1.12.1' }] }));
    await world.pass(10);
    const stuck = (await at('web'))['status'].containerStatuses[0].state.waiting;
    world.machine.images.add('docker.io/longhornio/longhorn-engine:v1.12.1');
    await world.pass(30);

    expect(stuck).toMatchInlineSnapshot(`
      {
        "message": "Back-off pulling image "longhornio/longhorn-engine:v1.12.1": ErrImagePull: failed to pull and unpack image "docker.io/longhornio/longhorn-engine:v1.12.1": failed to resolve reference "docker.io/longhornio/longhorn-engine:v1.12.1": failed to do request: Head "https://registry-1.docker.io/v2/longhornio/longhorn-engine/manifests/v1.12.1": dial tcp: lookup registry-1.docker.io: i/o timeout",
        "reason": "ImagePullBackOff",
      }
    `);
    expect((await at('web'))['status'].phase).toBe('Running');
  });

  it('leaves a pod pending that asks for what the node has not, in the scheduler’s words', async () => {
    await world.pass(20);
    await world.apply(
      pod('vm', {
        containers: [
          { name: 'main', image: 'busybox:1.37', resources: { limits: { 'devices.kubevirt.io/kvm': '1' } } },
        ],
      }),
    );
    await world.pass(5);
    const pending = await at('vm');
    await world.patch('/api/v1/nodes/plant-7-a/status', {
      status: { allocatable: { 'devices.kubevirt.io/kvm': '1k' } },
    });
    await world.pass(10);

    expect(pending['status'].conditions[0]).toMatchObject({
      reason: 'Unschedulable',
      message:
        '0/1 nodes are available: 1 Insufficient devices.kubevirt.io/kvm. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    });
    expect((await at('vm'))['status'].phase).toBe('Running');
  });

  it('waits for a Secret that a volume needs', async () => {
    await world.pass(20);
    await world.apply(pod('web', { volumes: [{ name: 'cert', secret: { secretName: 'tls' } }] }));
    await world.pass(30);
    const waiting = await at('web');
    const events = await world.list('/api/v1/namespaces/default/events');
    await world.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls', namespace: 'default' } });
    await world.pass(30);

    expect(waiting['status'].containerStatuses[0].state.waiting.reason).toBe('ContainerCreating');
    expect(events.map((one) => one['message'])).toContain(
      'MountVolume.SetUp failed for volume "cert" : secret "tls" not found',
    );
    expect((await at('web'))['status'].phase).toBe('Running');
  });

  it('removes a deleted pod after its grace', async () => {
    await world.pass(20);
    await world.apply(pod('web'));
    await world.pass(10);
    await world.remove('/api/v1/namespaces/default/pods/web');
    await world.pass(5);

    await expect(at('web')).rejects.toThrow('404');
  });

  it('shows the old boot as healthy for a while after a power cut, then starts its pods again', async () => {
    await world.pass(20);
    await world.apply(pod('web'), pod('guest', { restartPolicy: 'Never' }));
    await world.pass(10);
    world.stop();
    world.machine.bootId = 'plant-7-a-boot-2';
    world.start([nodeDouble(programs), workloadsDouble]);
    await world.pass(10);
    const stale = await world.get('/api/v1/nodes/plant-7-a');
    await world.pass(50);
    const fresh = await world.get('/api/v1/nodes/plant-7-a');

    expect(stale['status'].nodeInfo.bootID).toBe('plant-7-a-boot-1');
    expect(ready(stale).status).toBe('True');
    expect(fresh['status'].nodeInfo.bootID).toBe('plant-7-a-boot-2');
    expect((await at('web'))['status'].containerStatuses[0]).toMatchObject({ ready: true, restartCount: 1 });
    expect((await at('guest'))['status'].phase).toBe('Failed');
  });

  it('goes not ready under trouble and comes back', async () => {
    await world.pass(20);
    world.troubles.add('node-not-ready');
    await world.pass(10);
    const bad = ready(await world.get('/api/v1/nodes/plant-7-a'));
    world.troubles.delete('node-not-ready');
    await world.pass(10);

    expect(bad).toMatchObject({ status: 'False', reason: 'KubeletNotReady' });
    expect(ready(await world.get('/api/v1/nodes/plant-7-a')).status).toBe('True');
  });

  it('finds huge pages in the node and takes them from its memory', async () => {
    world.machine.hugepages = { '2Mi': 1024, '1Gi': 2 };
    await world.pass(20);

    const { capacity, allocatable } = (await world.get('/api/v1/nodes/plant-7-a'))['status'];
    expect(capacity).toMatchObject({ 'hugepages-2Mi': '2048Mi', 'hugepages-1Gi': '2Gi', memory: '33554432Ki' });
    expect(allocatable.memory).toBe('29360128Ki');
  });

  it('spreads over two machines and gives each its own part of the pod network', async () => {
    const agent = testMachine('plant-7-b', '10.7.0.11');
    agent.units.delete('k3s');
    agent.units.add('k3s-agent');
    const two = new TestBench(testMachine(), agent);
    for (const machine of two.machines) machine.images.add('docker.io/library/busybox:1.37');
    two.start([nodeDouble(programs), workloadsDouble]);
    await two.pass(20);
    await two.apply(pod('one'), pod('two'));
    await two.pass(10);
    const pods = await two.list('/api/v1/namespaces/default/pods');
    agent.units.delete('k3s-agent');
    await two.pass(70);
    const lost = await two.get('/api/v1/nodes/plant-7-b');
    two.stop();

    expect(Object.fromEntries(pods.map((one) => [one['spec'].nodeName, one['status'].podIP]))).toEqual({
      'plant-7-a': '10.42.0.2',
      'plant-7-b': '10.42.1.2',
    });
    expect(lost.metadata.labels).not.toHaveProperty(['node-role.kubernetes.io/control-plane']);
    expect(ready(lost)).toMatchObject({ status: 'Unknown', message: 'Kubelet stopped posting node status.' });
  });

  it('costs next to nothing while nothing happens', async () => {
    await world.pass(60);
    const began = performance.now();
    const before = world.server.writes;
    await world.pass(3600);

    expect(world.server.writes - before).toBeLessThan(40);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

function ready(node: KubeObject) {
  return node['status'].conditions.find((one: { type: string }) => one.type === 'Ready');
}
