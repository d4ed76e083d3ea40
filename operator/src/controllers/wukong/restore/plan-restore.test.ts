import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { planRestore } from './plan-restore.ts';
import { off, restore, seen } from './restore-scene.ts';

const asked = 'before-upgrade';
const told = (plan: ReturnType<typeof planRestore>) =>
  plan.verdict && `${plan.verdict.reason}: ${plan.verdict.message}`;
const running = restore({ conditions: [{ type: 'Progressing', status: 'True', reason: 'Creating new PVCs' }] });

describe('a restore', () => {
  it('goes into the same claims, which nobody owns afterwards and which are marked as the Wukong’s', () => {
    expect(planRestore(off, seen()).objects).toMatchInlineSnapshot(`
      [
        {
          "apiVersion": "snapshot.kubevirt.io/v1beta1",
          "kind": "VirtualMachineRestore",
          "metadata": {
            "labels": {
              "app.kubernetes.io/instance": "press-3",
              "app.kubernetes.io/managed-by": "novasphere-operator",
              "app.kubernetes.io/name": "wukong",
              "vm.novasphere.dev/wukong": "press-3",
            },
            "name": "press-3-restore-before-upgrade",
            "namespace": "plant",
            "ownerReferences": [
              {
                "apiVersion": "vm.novasphere.dev/v1alpha1",
                "blockOwnerDeletion": true,
                "controller": true,
                "kind": "Wukong",
                "name": "press-3",
                "uid": "w-1",
              },
            ],
          },
          "spec": {
            "target": {
              "apiGroup": "kubevirt.io",
              "kind": "VirtualMachine",
              "name": "press-3-vm",
            },
            "targetReadinessPolicy": "WaitEventually",
            "virtualMachineSnapshotName": "before-upgrade",
            "volumeOwnershipPolicy": "None",
            "volumeRestoreOverrides": [
              {
                "labels": {
                  "vm.novasphere.dev/wukong-uid": "w-1",
                },
                "volumeName": "root",
              },
              {
                "labels": {
                  "vm.novasphere.dev/wukong-uid": "w-1",
                },
                "volumeName": "data",
              },
            ],
            "volumeRestorePolicy": "InPlace",
          },
        },
      ]
    `);
  });

  it('is asked for in the very pass that begins to leave disks and machine alone', () => {
    const plan = planRestore(off, seen());

    expect(plan.objects).toHaveLength(1);
    expect(plan.hold).toBe(true);
    expect(told(plan)).toMatchInlineSnapshot(
      `"RestoreInProgress: disks and machine are left alone until the snapshot \`before-upgrade\` has been put back"`,
    );
  });

  it.for<[string, Json, string]>([
    [
      'has just been made',
      undefined,
      'RestoreInProgress: disks and machine are left alone until VirtualMachineRestore press-3-restore-before-upgrade is complete',
    ],
    [
      'goes on',
      running['status'],
      'RestoreInProgress: disks and machine are left alone until VirtualMachineRestore press-3-restore-before-upgrade is complete',
    ],
    [
      'waits for the instance',
      { conditions: [{ type: 'Progressing', status: 'False', reason: 'Waiting for target to be ready' }] },
      'RestoreInProgress: disks and machine are left alone while VirtualMachineRestore press-3-restore-before-upgrade goes on, of which KubeVirt says: Waiting for target to be ready; if it never ends, take spec.restoreFromSnapshot out and delete it',
    ],
    [
      'has an error',
      { conditions: [{ type: 'Progressing', status: 'False', reason: 'VMSnapshotContent x not ready' }] },
      'RestoreInProgress: disks and machine are left alone while VirtualMachineRestore press-3-restore-before-upgrade goes on, of which KubeVirt says: VMSnapshotContent x not ready; if it never ends, take spec.restoreFromSnapshot out and delete it',
    ],
  ])('that %s holds disks and machine, and makes no second one', ([, status, message]) => {
    const plan = planRestore(off, seen({ restores: [restore(status)] }));

    expect(plan).toMatchObject({ hold: true, objects: [], finished: [], restored: undefined, mistakes: [] });
    expect(told(plan)).toBe(message);
  });

  it('goes to its end whatever happens to the Wukong meanwhile', () => {
    const changes: readonly Json[] = [
      { restoreFromSnapshot: undefined },
      { restoreFromSnapshot: 'other' },
      { power: 'On' },
    ];

    for (const change of changes)
      expect(planRestore({ ...off, spec: { ...off.spec, ...change } }, seen({ restores: [running] }))).toMatchObject({
        hold: true,
        objects: [],
        finished: [],
        mistakes: [],
      });
  });

  it('is recorded when it is complete, and kept until that has been seen to be recorded', () => {
    const complete = restore({ complete: true });
    const first = planRestore(off, seen({ restores: [complete] }));
    const second = planRestore(off, seen({ restores: [complete], recorded: asked }));

    expect(first).toEqual({ hold: false, objects: [], finished: [], restored: asked, mistakes: [] });
    expect(second).toEqual({ hold: false, objects: [], finished: [complete], restored: asked, mistakes: [] });
  });

  it('is not made again once it is recorded, also when the machine is on', () => {
    const on = { ...off, spec: { ...off.spec, power: 'On' as const } };

    expect(planRestore(on, seen({ recorded: asked }))).toEqual({
      hold: false,
      objects: [],
      finished: [],
      restored: asked,
      mistakes: [],
    });
  });

  it('is forgotten when the name is taken out, so that the same name is a new request', () => {
    const complete = restore({ complete: true });
    const { restoreFromSnapshot: _, ...spec } = off.spec;

    expect(planRestore({ ...off, spec }, seen({ recorded: asked, restores: [complete] }))).toMatchObject({
      finished: [complete],
      restored: undefined,
    });
    expect(planRestore(off, seen()).objects).toHaveLength(1);
  });

  it('of another snapshot clears the last one away', () => {
    const other = {
      ...restore({ complete: true }),
      spec: { ...restore()['spec'], virtualMachineSnapshotName: 'older' },
    };

    expect(planRestore(off, seen({ recorded: 'older', restores: [other] }))).toMatchObject({
      hold: true,
      objects: [{ metadata: { name: 'press-3-restore-before-upgrade' } }],
      finished: [other],
      restored: 'older',
    });
  });

  it('that has failed has touched nothing: the machine may go on, and the way out is told', () => {
    const failed = restore({ conditions: [{ type: 'Failure', status: 'True', reason: 'Restore target not ready' }] });
    const plan = planRestore(off, seen({ restores: [failed] }));

    expect(plan).toMatchObject({ hold: false, objects: [], finished: [], restored: undefined });
    expect(told(plan)).toMatchInlineSnapshot(
      `"RestoreFailed: KubeVirt has not restored \`before-upgrade\`: Restore target not ready; to try again, take spec.restoreFromSnapshot out and set it again"`,
    );
    const { restoreFromSnapshot: _, ...spec } = off.spec;
    expect(planRestore({ ...off, spec }, seen({ restores: [failed] })).finished).toEqual([failed]);
  });

  it('is not decided on a copy that is behind: everything is left alone, and nothing else is said', () => {
    const verdict = { status: 'False', reason: 'RestoreInProgress', message: 'as before' } as const;
    const told = { ...verdict, type: 'VMSynced', observedGeneration: 1, lastTransitionTime: '' } as const;
    const status = {
      phase: 'Stopped',
      observedGeneration: 1,
      vmName: '',
      networks: [],
      volumes: [],
      conditions: [told],
    } as const;

    expect(planRestore({ ...off, status }, seen({ stale: true }))).toMatchObject({ hold: true, objects: [], verdict });
  });
});
