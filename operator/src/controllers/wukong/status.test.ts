import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Phase, Wukong } from '../../api/wukong.ts';
import type { ApplyTrouble } from './apply.ts';
import type { Observed } from './observe.ts';
import { statusOf } from './status.ts';

const now = '2026-11-21T06:00:00Z';
const later = '2026-11-21T07:00:00Z';
const on: Wukong = {
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press-3', namespace: 'plant', uid: 'u', generation: 3 },
  spec: { cpu: 1, memory: '1Gi', disks: [{ name: 'root', size: '1Gi' }] },
};
const off: Wukong = { ...on, spec: { ...on.spec, power: 'Off' } };

interface Seen {
  readonly says?: string;
  readonly instance?: string;
  readonly ready?: boolean;
  readonly claim?: Json;
  readonly filling?: Json;
  readonly vm?: Json;
}

function seen({ says, instance, ready = false, claim, filling, vm }: Seen): Observed {
  const object = (kind: string, status: Json): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'x' },
    status,
  });
  const conditions = ready ? [{ type: 'Ready', status: 'True' }] : [];
  return {
    vm: says === undefined ? undefined : object('VirtualMachine', { printableStatus: says || undefined, ...vm }),
    vmi: instance === undefined ? undefined : object('VirtualMachineInstance', { phase: instance, conditions }),
    claims: claim === undefined ? new Map() : new Map([['root', object('PersistentVolumeClaim', claim)]]),
    dataVolumes: filling === undefined ? new Map() : new Map([['root', object('DataVolume', filling)]]),
  };
}

const bound = { phase: 'Bound', capacity: { storage: '1Gi' } };
const refused: ApplyTrouble = {
  terminal: true,
  reason: 'ApplyFailed',
  message: 'VirtualMachine press-3-vm: spec.x is wrong',
};
const busy: ApplyTrouble = { terminal: false, reason: 'ApplyFailed', message: 'VirtualMachine press-3-vm: try again' };
const taken: ApplyTrouble = { terminal: false, reason: 'NameConflict', message: 'VirtualMachine press-3-vm is taken' };

const condition = (wukong: Wukong, observed: Observed, type: string, trouble?: ApplyTrouble) => {
  const found = statusOf(wukong, observed, now, trouble).conditions.find((one) => one.type === type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
};

describe('the phase of a Wukong', () => {
  it.for<[string, Wukong, Seen, Phase, string, ApplyTrouble?]>([
    // Row 2 and 3 of the table: what cannot be is an error only while there is no machine.
    ['refused, no machine', on, {}, 'Error', 'False InvalidSpec: VirtualMachine press-3-vm: spec.x is wrong', refused],
    [
      'refused, but runs',
      on,
      { says: 'Running', instance: 'Running', ready: true },
      'Running',
      'True VMRunning: the machine runs',
      refused,
    ],
    // Row 5: no machine yet.
    ['no machine, no disk', on, {}, 'Creating', 'False WaitingForVolumes: disks that are not ready: root'],
    ['no machine, disks ready', on, { claim: bound }, 'Creating', 'False VMStarting: the machine is being made'],
    [
      'no machine, a passing trouble',
      on,
      { claim: bound },
      'Creating',
      'False Pending: VirtualMachine press-3-vm: try again',
      busy,
    ],
    [
      'no machine, the name is taken',
      on,
      { claim: bound },
      'Creating',
      'False Pending: VirtualMachine press-3-vm is taken',
      taken,
    ],
    // Row 6 and 7.
    [
      'running',
      on,
      { says: 'Running', instance: 'Running', ready: true },
      'Running',
      'True VMRunning: the machine runs',
    ],
    [
      'running, not ready',
      on,
      { says: 'Running', instance: 'Running' },
      'Running',
      'False VMStarting: the machine runs, but is not ready',
    ],
    [
      'migrating',
      on,
      { says: 'Migrating', instance: 'Running', ready: true },
      'Running',
      'True VMRunning: the machine runs',
    ],
    ['paused', on, { says: 'Paused', instance: 'Running' }, 'Running', 'False VMPaused: the machine is paused'],
    // Row 8.
    ...['Provisioning', 'Starting', 'WaitingForVolumeBinding', 'WaitingForReceiver'].map(
      (says): [string, Wukong, Seen, Phase, string] => [
        says,
        on,
        { says },
        'Creating',
        `False VMStarting: KubeVirt says ${says}`,
      ],
    ),
    ...['', 'Pending', 'Scheduling', 'Scheduled', 'WaitingForSync'].map(
      (instance): [string, Wukong, Seen, Phase, string] => [
        `instance “${instance}”`,
        on,
        { says: '', instance },
        'Creating',
        'False VMStarting: KubeVirt has not said anything yet',
      ],
    ),
    // Row 9 and 10.
    ['stopped, as asked', off, { says: 'Stopped' }, 'Stopped', 'False VMStopped: the machine is off, as asked'],
    ['no instance, as asked', off, { says: '' }, 'Stopped', 'False VMStopped: the machine is off, as asked'],
    [
      'a finished instance, as asked',
      off,
      { says: '', instance: 'Succeeded' },
      'Stopped',
      'False VMStopped: the machine is off, as asked',
    ],
    ['between two instances', on, { says: 'Stopped' }, 'Creating', 'False VMStarting: KubeVirt says Stopped'],
    [
      'still running after Off',
      off,
      { says: 'Running', instance: 'Running', ready: true },
      'Running',
      'True VMRunning: the machine runs',
    ],
    // Row 11.
    [
      'stopping, as asked',
      off,
      { says: 'Stopping', instance: 'Running' },
      'Stopped',
      'False VMStopped: the machine is off, as asked',
    ],
    ['terminating, as asked', off, { says: 'Terminating' }, 'Stopped', 'False VMStopped: the machine is off, as asked'],
    [
      'stopping on its own',
      on,
      { says: 'Stopping', instance: 'Running' },
      'Creating',
      'False VMStarting: KubeVirt says Stopping',
    ],
    // Row 12.
    ...[
      'CrashLoopBackOff',
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrorUnschedulable',
      'ErrorPvcNotFound',
      'DataVolumeError',
    ].map((says): [string, Wukong, Seen, Phase, string] => [
      says,
      on,
      { says },
      'Error',
      `False VMFailed: KubeVirt says ${says}`,
    ]),
    [
      'a failed instance',
      on,
      { says: 'Stopped', instance: 'Failed' },
      'Error',
      'False VMFailed: KubeVirt says that the instance has failed',
    ],
    // Row 13.
    [
      'a lost node',
      on,
      { says: 'Unknown', instance: 'Running' },
      'Error',
      'Unknown VMStateUnknown: KubeVirt has lost sight of the machine',
    ],
    [
      'a lost instance',
      on,
      { says: '', instance: 'Unknown' },
      'Error',
      'Unknown VMStateUnknown: KubeVirt has lost sight of the machine',
    ],
    [
      'a word of tomorrow',
      on,
      { says: 'Hibernated' },
      'Creating',
      'Unknown VMStateUnknown: KubeVirt says Hibernated, which is not known here',
    ],
  ])('%s', ([, wukong, sight, phase, ready, trouble]) => {
    const observed = seen(sight);

    expect(statusOf(wukong, observed, now, trouble).phase).toBe(phase);
    expect(condition(wukong, observed, 'Ready', trouble)).toBe(ready);
  });

  it('stays as it was when KubeVirt says a word that is not known', () => {
    const before = statusOf(on, seen({ says: 'Running', instance: 'Running', ready: true }), now);

    expect(statusOf({ ...on, status: before }, seen({ says: 'Hibernated' }), later).phase).toBe('Running');
  });
});

describe('the conditions of a Wukong', () => {
  it.for<[string, Seen, string]>([
    ['no claim', {}, 'False Provisioning: waiting for root (not bound)'],
    ['a claim that waits', { claim: { phase: 'Pending' } }, 'False Provisioning: waiting for root (not bound)'],
    [
      'an import',
      { claim: bound, filling: { phase: 'ImportInProgress', progress: '37.5%' } },
      'False Importing: waiting for root (ImportInProgress)',
    ],
    ['a failed import', { filling: { phase: 'Failed' } }, 'False ImportFailed: waiting for root (Failed)'],
    [
      'a first consumer',
      { filling: { phase: 'WaitForFirstConsumer' } },
      'False WaitingForConsumer: waiting for root (WaitForFirstConsumer)',
    ],
    ['a filled disk', { claim: bound, filling: { phase: 'Succeeded' } }, 'True VolumesReady: 1 of 1 disks ready'],
    ['an empty disk', { claim: bound }, 'True VolumesReady: 1 of 1 disks ready'],
  ])('tell of %s', ([, sight, told]) => {
    expect(condition(on, seen(sight), 'VolumesBound')).toBe(told);
  });

  it('tell whether the machine is as it is wanted', () => {
    const running = { says: 'Running', instance: 'Running' };
    const restart = { conditions: [{ type: 'RestartRequired', status: 'True' }] };

    expect(condition(on, seen({}), 'VMSynced')).toBe(
      'Unknown WaitingForVolumes: the machine is made once its disks are there',
    );
    expect(condition(on, seen(running), 'VMSynced')).toBe('True Applied: everything that is wanted has been applied');
    expect(condition(on, seen(running), 'VMSynced', refused)).toBe(`False ApplyFailed: ${refused.message}`);
    expect(condition(on, seen(running), 'VMSynced', taken)).toBe(`False NameConflict: ${taken.message}`);
    expect(condition(on, seen({ ...running, vm: restart }), 'VMSynced')).toBe(
      'False RestartRequired: the change takes effect when the machine restarts',
    );
    expect(condition(on, seen(running), 'SpecValid', refused)).toBe(`False InvalidSpec: ${refused.message}`);
    expect(condition(on, seen(running), 'SpecValid', busy)).toBe('True Accepted: the specification is accepted');
  });

  it('keep the time of a condition whose status has not turned over', () => {
    const first = statusOf(on, seen({ says: 'Starting', claim: bound }), now);
    const second = statusOf(
      { ...on, status: first },
      seen({ says: 'Running', instance: 'Running', ready: true, claim: bound }),
      later,
    );

    const times = Object.fromEntries(second.conditions.map((one) => [one.type, one.lastTransitionTime]));
    expect(times).toEqual({ Ready: later, SpecValid: now, VolumesBound: now, VMSynced: now });
  });

  it('are all there from the first pass, each with its generation and a time', () => {
    const { conditions, observedGeneration } = statusOf(on, seen({}), now);

    expect(observedGeneration).toBe(3);
    expect(conditions.map((one) => one.type)).toEqual(['Ready', 'SpecValid', 'VolumesBound', 'VMSynced']);
    for (const one of conditions) expect(one).toMatchObject({ observedGeneration: 3, lastTransitionTime: now });
    for (const { reason } of conditions) expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
  });
});

describe('the rest of the status', () => {
  it('tells what the cluster has, not what was asked for', () => {
    const observed = seen({
      says: 'Running',
      instance: 'Running',
      claim: { phase: 'Bound', capacity: { storage: '1088Mi' } },
    });
    const interfaces = [
      { name: 'default', ipAddress: '10.42.0.9', mac: '02:00:00:00:00:01', interfaceName: 'enp1s0' },
      { interfaceName: 'docker0', ipAddress: '172.17.0.1' },
    ];
    const vmi = { ...(observed.vmi as KubeObject), status: { phase: 'Running', nodeName: 'node-a', interfaces } };

    expect(statusOf(on, { ...observed, vmi }, now)).toMatchObject({
      vmName: 'press-3-vm',
      vmStatus: 'Running',
      nodeName: 'node-a',
      networks: [{ name: 'default', ipAddress: '10.42.0.9', macAddress: '02:00:00:00:00:01', interface: 'enp1s0' }],
      volumes: [{ name: 'root', pvcName: 'press-3-root', bound: true, capacity: '1088Mi' }],
    });
  });
});
