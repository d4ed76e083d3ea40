import { describe, expect, it } from 'vitest';
import type { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { StatusError } from '#kube/status-error';
import type { Wukong, WukongStatus } from '../../../api/wukong.ts';
import type { Sight } from '../sight.ts';
import { planRestore } from './plan-restore.ts';
import { content, off, restore, snapshot, vm } from './restore-scene.ts';
import { seeRestore } from './see-restore.ts';

const taken: KubeObject = {
  apiVersion: 'snapshot.kubevirt.io/v1beta1',
  kind: 'VirtualMachineSnapshot',
  metadata: { name: 'before-upgrade', namespace: 'plant' },
  status: { sourceUID: 'm-1', virtualMachineSnapshotContentName: 'vmsnapshot-content-s-1' },
};
const owned: KubeObject = {
  ...vm(),
  metadata: { ...vm().metadata, ownerReferences: restore().metadata.ownerReferences ?? [] },
};
const recording = (restoredFromSnapshot: string): WukongStatus => ({
  phase: 'Stopped',
  observedGeneration: 3,
  vmName: 'press-3-vm',
  restoredFromSnapshot,
  networks: [],
  volumes: [],
  conditions: [],
});

/** Copies and a server that hold these objects, and what was asked of the server. */
function cluster(
  copies: readonly KubeObject[],
  live: readonly KubeObject[],
  made: (object: KubeObject) => Json = (one) => one,
) {
  const asked: string[] = [];
  const find = (objects: readonly KubeObject[], kind: string, name: string) =>
    objects.find((one) => one.kind === kind && one.metadata.name === name);
  const client = {
    get: async ({ kind, name }: { readonly kind: string; readonly name: string }) => {
      asked.push(`get ${kind}`);
      return find(live, kind, name);
    },
    create: async (object: KubeObject, { dryRun }: { readonly dryRun?: boolean }) => {
      asked.push(`${dryRun === true ? 'try' : 'create'} ${object.kind}`);
      return made(object);
    },
  } as unknown as KubeClient;
  const sight: Sight = {
    get: (kind, _namespace, name) => find(copies, kind, name),
    all: (kind) => copies.filter((one) => one.kind === kind),
    by: () => [],
    serves: () => true,
  };
  return {
    asked,
    see: (wukong: Wukong) => seeRestore(wukong, { client, sight, signal: new AbortController().signal }),
  };
}

const server = (...more: readonly KubeObject[]) => [off, taken, content(), ...more];

describe('what a restore depends on', () => {
  it('is no request where nothing is asked for, or what was asked for is recorded', async () => {
    const { restoreFromSnapshot: _, ...spec } = off.spec;
    const { asked, see } = cluster([owned, snapshot()], server());
    await see({ ...off, spec });
    await see({ ...off, status: recording('before-upgrade') });

    expect(asked).toEqual([]);
  });

  it('is read from the server when one is asked for, and tried before it is made', async () => {
    const { asked, see } = cluster([owned, snapshot()], server());
    const seen = await see(off);

    expect(asked).toEqual([
      'get Wukong',
      'get VirtualMachineRestore',
      'get VirtualMachineSnapshot',
      'get VirtualMachineSnapshotContent',
      'try VirtualMachineRestore',
    ]);
    expect(planRestore(off, seen).objects).toHaveLength(1);
  });

  it('is what the server has recorded, though the copy does not show it yet', async () => {
    const { see } = cluster([owned, snapshot()], [{ ...off, status: recording('before-upgrade') }]);

    expect(planRestore(off, await see(off))).toMatchObject({ hold: false, objects: [], restored: 'before-upgrade' });
  });

  it('is the restore that the server has, not one that the copies still show', async () => {
    const { see } = cluster([owned, snapshot(), restore({ complete: true })], server());

    expect(planRestore(off, await see(off))).toMatchObject({ hold: true, restored: undefined });
  });

  it('is the restore of the request before, until it has been cleared away', async () => {
    const done = restore({ complete: true });
    const recorded = { ...off, status: recording('before-upgrade') };
    const { asked, see } = cluster([owned, snapshot(), done], [recorded, taken, content(), done]);

    expect(planRestore(recorded, await see(recorded)).finished).toEqual([done]);
    expect(asked).not.toContain('try VirtualMachineRestore');
  });

  it.for<[string, Json]>([
    ['changed', { generation: 4 }],
    ['made anew', { uid: 'w-2' }],
    ['deleted', { deletionTimestamp: '2026-11-21T06:00:00Z' }],
  ])('is left undecided while the Wukong has been %s', async ([, change]) => {
    const { see } = cluster([owned, snapshot()], [{ ...off, metadata: { ...off.metadata, ...change } }]);

    expect(planRestore(off, await see(off))).toMatchObject({ hold: true, objects: [] });
  });

  it('is a KubeVirt that would not restore in place: nothing is begun', async () => {
    for (const dropped of ['volumeRestorePolicy', 'volumeOwnershipPolicy']) {
      const made = (object: KubeObject) => ({ ...object, spec: { ...object['spec'], [dropped]: undefined } });
      const { see } = cluster([owned, snapshot()], server(), made);

      expect(planRestore(off, await see(off))).toMatchObject({
        hold: false,
        objects: [],
        verdict: { reason: 'MissingDependency' },
      });
    }
  });

  it('is begun where KubeVirt refuses the trial, so that it says why', async () => {
    const { see } = cluster([owned, snapshot()], server(), () => {
      throw new StatusError({ status: 403, body: { message: 'feature gate not enabled' } }, 'POST');
    });

    expect(planRestore(off, await see(off)).objects).toHaveLength(1);
  });
});
