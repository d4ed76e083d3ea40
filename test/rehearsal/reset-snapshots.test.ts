import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { guestConsents, guestOn, resetOn } from '../fixtures/reset.ts';

const own = 'vm.novasphere.dev/v1alpha1';

/** A snapshot of the guest's disks, of which the record outlives it unless somebody takes that away. */
async function snapshotOn({ world: { cluster, clock } }: Stage): Promise<void> {
  const before = { apiVersion: own, kind: 'WukongSnapshot', namespace: 'shop', name: 'before' };
  const { apiVersion, kind, ...metadata } = before;
  await cluster.apply({ apiVersion, kind, metadata, spec: { wukongName: 'db', deletionPolicy: 'Retain' } });
  for (let tries = 0; tries < 60; tries++) {
    await clock.sleep(5000);
    if (((await cluster.get(before)) as Json)?.status?.phase === 'Succeeded') return;
  }
  throw new Error('the snapshot is not taken');
}

it('names the snapshots that go, and takes them off before what they hold', async () => {
  const site = await stage('single-node');
  await site.play();
  await guestOn(site);
  await snapshotOn(site);

  const [last] = (await resetOn(site).play({ consents: guestConsents })).slice(-1);

  expect(last?.faults.map((one) => one.record())).toEqual([]);
  const ofStep =
    last?.entries.filter((one) => 'step' in one && one.step === 'reset-workloads/machines-and-volumes') ?? [];
  const changes = ofStep.flatMap((one) => (one.event === 'found' ? one.changes.map(({ what }) => what) : []));
  expect(changes).toContain('remove WukongSnapshot shop/before');
  const gates = ofStep.flatMap((one) => (one.event === 'passed' ? [one.gate.split('/')[0]] : []));
  expect(gates.filter((gate) => gate?.includes('Snapshot'))).toEqual([
    'WukongSnapshot shop',
    'VirtualMachineSnapshot shop',
    'VirtualMachineSnapshotContent shop',
    'VolumeSnapshot shop',
  ]);
  site.world.close();
});
