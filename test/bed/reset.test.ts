import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import { resetPhases } from '#phases/reset/reset';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import { BedStage, type Played } from '../testbed/stage.ts';

const wish = { keepData: false, clusterIsLost: false, reach: 'cluster' } as const;

const deployment = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
});

describe('a reset on a real API server', () => {
  let stage: BedStage;
  let first: Played;
  beforeAll(async () => {
    stage = await BedStage.open();
    first = await stage.play({ concurrency: 3 });
  }, 200_000);
  afterAll(() => stage.close());

  const reset = () => stage.play({ phases: resetPhases(wish), limit: 400_000 });
  const names = async (kind: Omit<ObjectRef, 'name' | 'namespace'>) =>
    (await stage.world.cluster.list(kind)).map(({ metadata }: KubeObject) => metadata.name).toSorted();

  it('takes off what somebody has begun to take off at the wrong end, and leaves no namespace behind', async () => {
    expect(first.outcome).toBe('done');
    stage.world = { ...stage.world, host: outOfReachHost };
    const { cluster } = stage.world;
    await cluster.remove(deployment('kubevirt', 'virt-operator'), { propagation: 'Background' });
    await cluster.remove(deployment('kubevirt', 'virt-api'), { propagation: 'Background' });

    const played = await reset();

    expect(played.faults.map((fault) => fault.record())).toEqual([]);
    expect(await names({ apiVersion: 'v1', kind: 'Namespace' })).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect(await names({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' })).toEqual([]);
    expect(await names({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' })).toEqual([]);
    const told = played.entries.flatMap((one) => (one.event === 'passed' ? one.evidence : []));
    expect(told.filter((line) => line.includes('nobody takes it off any more'))).toEqual([
      'KubeVirt kubevirt/kubevirt is held by its finalizer foregroundDeleteKubeVirt, and Deployment kubevirt/virt-operator is gone: nobody takes it off any more; it is taken off',
    ]);
  }, 500_000);

  it('sends no request that could change anything the second time', async () => {
    const before = (await stage.site.plane.audit()).length;

    const again = await reset();

    const sent = (await stage.site.plane.audit()).slice(before).filter(({ user }) => user === 'novasphere-installer');
    expect([again.outcome, again.changed]).toEqual(['done', 0]);
    expect(sent.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb)).map(({ uri }) => uri)).toEqual([]);
  }, 100_000);
});
