import { describe, expect, it } from 'vitest';
import { later, now, plan, succeeded, taken, told, volume } from './snapshot-scene.ts';

describe('the status of a WukongSnapshot', () => {
  it('has everything about the point in time', () => {
    const status = plan({
      taken: taken({ ...succeeded, indications: ['NoGuestAgent', 'Online'] }),
      volumeSnapshots: [volume('10Gi'), volume('512Mi')],
    }).status(now);

    expect(status).toMatchInlineSnapshot(`
      {
        "conditions": [
          {
            "lastTransitionTime": "2026-11-21T06:00:00Z",
            "message": "the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut",
            "observedGeneration": 1,
            "reason": "SnapshotReady",
            "status": "True",
            "type": "Ready",
          },
          {
            "lastTransitionTime": "2026-11-21T06:00:00Z",
            "message": "the snapshot can be restored; it was taken without a guest agent: the disks are as after a power cut",
            "observedGeneration": 1,
            "reason": "SnapshotReady",
            "status": "False",
            "type": "Progressing",
          },
        ],
        "creationTime": "2026-11-21T05:59:58Z",
        "excludedVolumes": [],
        "includedVolumes": [
          "data",
          "root",
        ],
        "indications": [
          "NoGuestAgent",
          "Online",
        ],
        "observedGeneration": 1,
        "phase": "Succeeded",
        "readyToUse": true,
        "restoreSize": "10752Mi",
        "snapshotName": "before-upgrade",
        "sourceUID": "m-1",
      }
    `);
  });

  it('says nothing of the size before the storage has told it of every disk', () => {
    const sizes = (...all: readonly (string | undefined)[]) =>
      plan({ taken: taken(succeeded), volumeSnapshots: all.map(volume) }).status(now).restoreSize;

    expect([sizes(), sizes('1Gi', undefined), sizes('1000', '24'), sizes('1', '2')]).toEqual([
      undefined,
      undefined,
      '1Ki',
      '3',
    ]);
  });

  it('keeps the time of a condition that has not turned over, and its size', () => {
    const first = plan({ taken: taken({ phase: 'InProgress' }) }).status(now);
    const second = plan({ taken: taken(succeeded), volumeSnapshots: [volume('1Gi')] }, first).status(later);
    const third = plan({ taken: taken(succeeded) }, second).status('2026-11-21T08:00:00Z');

    expect(first.conditions.map((one) => one.lastTransitionTime)).toEqual([now, now]);
    expect(second.conditions.map((one) => one.lastTransitionTime)).toEqual([later, later]);
    expect(third).toEqual(second);
  });

  it('stays with the machine that it was made of, when another one has come to have its name', () => {
    const first = plan({ taken: taken(succeeded) }).status(now);

    expect(plan({ taken: taken({ ...succeeded, sourceUID: 'm-2' }) }, first).status(later).sourceUID).toBe('m-1');
  });

  it('tells what KubeVirt refused, unless the snapshot is there already', () => {
    const message = 'VirtualMachineSnapshot before-upgrade: snapshot feature gate not enabled';
    const trouble = { kind: 'VirtualMachineSnapshot', terminal: true, reason: 'ApplyFailed', message } as const;

    expect(told(plan({}).status(now, trouble))).toBe(`Pending ApplyFailed: ${message}`);
    expect(plan({ taken: taken(succeeded) }).status(now, trouble).phase).toBe('Succeeded');
  });
});
