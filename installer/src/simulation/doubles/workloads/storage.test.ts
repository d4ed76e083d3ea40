import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { k3sDouble } from '../k3s/k3s.ts';
import { nodeDouble } from '../node/node.ts';
import { trialProgram } from '../node/trials.ts';
import { TestBench } from '../test-bench.ts';
import { storageDouble } from './storage.ts';
import { workloadsDouble } from './workloads.ts';

const k3sImages = [
  'coredns-coredns:1.14.4',
  'metrics-server:v0.8.1',
  'library-traefik:3.7.4',
  'library-busybox:1.37.0',
];

function claim(name: string, spec: object = {}): KubeObject {
  const wanted = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default' }, spec: wanted };
}

function reader(claimName: string): KubeObject {
  const labels = { 'novasphere.dev/trial': 'volume' };
  const annotations = { 'novasphere.dev/reads': 'true' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'reader', namespace: 'default', labels, annotations },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'main',
          image: 'rancher/mirrored-library-busybox:1.37.0',
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  };
}

describe('volumes of k3s’s own class', () => {
  let world: TestBench;
  const at = (name: string) => world.get(`/api/v1/namespaces/default/persistentvolumeclaims/${name}`);

  beforeEach(async () => {
    world = new TestBench();
    for (const image of k3sImages) world.machine.images.add(`docker.io/rancher/mirrored-${image}`);
    world.machine.images.add('docker.io/rancher/local-path-provisioner:v0.0.36');
    world.start([nodeDouble([trialProgram]), workloadsDouble, storageDouble, k3sDouble]);
    await world.pass(60);
    return () => world.stop();
  });

  it('waits with a volume for its first consumer, then binds it on that node', async () => {
    await world.apply(claim('data'));
    await world.pass(20);
    const waiting = await at('data');
    await world.apply(reader('data'));
    await world.pass(20);

    expect(waiting['status'].phase).toBe('Pending');
    expect(waiting['spec'].storageClassName).toBe('local-path');
    expect((await at('data'))['status']).toMatchObject({ phase: 'Bound', capacity: { storage: '1Gi' } });
    const [volume] = await world.list('/api/v1/persistentvolumes');
    expect(volume).toMatchObject({ spec: { claimRef: { name: 'data' } }, status: { phase: 'Bound' } });
  });

  it('finds nothing in a volume to which nobody wrote', async () => {
    await world.apply(claim('data'), reader('data'));
    await world.pass(30);

    expect((await world.get('/api/v1/namespaces/default/pods/reader'))['status'].phase).toBe('Failed');
    expect(await world.log('default/reader/main')).toBe("cat: can't open '/data/trial': No such file or directory\n");
  });

  it('keeps a claim that is deleted while a pod uses it', async () => {
    await world.apply(claim('data'), { ...reader('data'), metadata: { name: 'user', namespace: 'default' } });
    await world.pass(30);
    await world.remove('/api/v1/namespaces/default/persistentvolumeclaims/data');
    await world.pass(10);
    const held = await at('data');
    await world.remove('/api/v1/namespaces/default/pods/user');
    await world.pass(20);

    expect(held.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    await expect(at('data')).rejects.toThrow('404');
    expect(await world.list('/api/v1/persistentvolumes')).toEqual([]);
  });

  it('releases a volume that was made for a claim of which only the name has come back', async () => {
    await world.apply(claim('data'));
    const volume = (name: string, uid: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Gi' },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid },
        csi: { driver: 'example.com', volumeHandle: name },
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'local-path',
      },
    });
    await world.apply(volume('late', '7f9a0000-0000-4000-a000-000000000000'));
    await world.apply(volume('right', String((await at('data')).metadata.uid)));
    await world.apply(reader('data'));
    await world.pass(20);

    const volumes = await world.list('/api/v1/persistentvolumes');
    const attachments = await world.list('/apis/storage.k8s.io/v1/volumeattachments');
    expect(volumes.map((one) => [one.metadata.name, one['status'].phase])).toEqual([
      ['late', 'Released'],
      ['right', 'Bound'],
    ]);
    expect(attachments.map((one) => one['spec'].source.persistentVolumeName)).toEqual(['right']);
  });

  it('says in the scheduler’s words that a claim is not there', async () => {
    await world.apply(reader('nothing'));
    await world.pass(10);

    const { status } = await world.get('/api/v1/namespaces/default/pods/reader');
    expect(status.conditions[0].message).toBe(
      '0/1 nodes are available: persistentvolumeclaim "nothing" not found. not found',
    );
  });
});
