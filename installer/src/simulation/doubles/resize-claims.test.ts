import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { double } from './double.ts';
import { resizeClaims } from './resize-claims.ts';
import { TestBench } from './test-bench.ts';

const path = '/api/v1/namespaces/default/persistentvolumeclaims/data';
const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' } };
const volume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv' },
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, csi: { driver: 'd', volumeHandle: 'h' } },
};

/** A bound claim of one gibibyte, and a resizer that notes what it has grown. */
async function bound(): Promise<{ readonly bench: TestBench; readonly grown: string[]; status(): Promise<Json> }> {
  const bench = new TestBench();
  const grown: string[] = [];
  const resizer = double('a resizer', (stage) =>
    resizeClaims(stage, { driver: 'd', seconds: 5, grow: async (name, size) => void grown.push(`${name} ${size}`) }),
  );
  const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' } };
  await bench.apply({ ...storageClass, provisioner: 'd', allowVolumeExpansion: true });
  const spec = {
    storageClassName: 'fast',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    volumeName: 'pv',
  };
  await bench.apply(volume, { ...claim, spec });
  await bench.patch(`${path}/status`, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
  bench.start([resizer]);
  await bench.pass(1);
  return { bench, grown, status: async () => (await bench.get(path))['status'] };
}

const ask = (bench: TestBench, storage: string) =>
  bench.patch(path, { spec: { resources: { requests: { storage } } } });

describe('the resizer of a driver', () => {
  it('gives a claim the room that it asks for, and says so while it is at it', async () => {
    const { bench, grown, status } = await bound();
    await ask(bench, '2Gi');
    await bench.pass(2);
    const meanwhile = await status();
    await bench.pass(10);

    expect(meanwhile).toMatchObject({
      capacity: { storage: '1Gi' },
      allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
      conditions: [{ type: 'Resizing', status: 'True' }],
    });
    expect(await status()).toEqual({
      phase: 'Bound',
      capacity: { storage: '2Gi' },
      allocatedResources: { storage: '2Gi' },
    });
    expect((await bench.get('/api/v1/persistentvolumes/pv'))['spec'].capacity).toEqual({ storage: '2Gi' });
    expect(grown).toEqual(['pv 2Gi']);
  });

  it('says why it cannot, and can when less is asked for', async () => {
    const { bench, grown, status } = await bound();
    bench.troubles.add('resize-fails');
    await ask(bench, '9Gi');
    await bench.pass(30);

    expect(await status()).toMatchObject({
      capacity: { storage: '1Gi' },
      allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' },
      conditions: [{ type: 'ControllerResizeError', status: 'True' }],
    });
    bench.troubles.clear();
    await ask(bench, '2Gi');
    await bench.pass(30);
    expect(await status()).toEqual({
      phase: 'Bound',
      capacity: { storage: '2Gi' },
      allocatedResources: { storage: '2Gi' },
    });
    expect(grown).toEqual(['pv 2Gi']);
  });

  it('does nothing for a claim that has what it asks for', async () => {
    const { bench } = await bound();
    const since = bench.server.log.length;
    await bench.pass(600);

    expect(bench.server.log.slice(since).filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
