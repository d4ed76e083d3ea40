import { describe, expect, it } from 'vitest';
import { type Situation, statusOf } from './status.ts';
import { fine, later, no, now, object, runs, trouble, up, wukong } from './test-situation.ts';

function told(situation: Situation, type: string): string {
  const found = statusOf(wukong, situation, now).conditions.find((one) => one.type === type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

describe('what a Wukong without a machine waits for', () => {
  it.for<[string, Partial<Situation>, string, string]>([
    [
      'networks',
      { networks: { ...fine.networks, ready: false, verdict: no('NADNotFound', 'the network lan: no such NAD') } },
      'Creating',
      'False WaitingForNetworks: the network lan: no such NAD',
    ],
    [
      'disks',
      { disks: { ...fine.disks, ready: false, verdict: no('Importing', 'waiting for root') } },
      'Creating',
      'False WaitingForVolumes: waiting for root',
    ],
    [
      'keys',
      { cloudInit: { ...fine.cloudInit, waits: no('SSHKeySecretNotFound', 'there is no Secret keys') } },
      'Creating',
      'False SSHKeySecretNotFound: there is no Secret keys',
    ],
    [
      'a component',
      { troubles: [trouble({ reason: 'MissingDependency', message: 'DataVolume x: not served' })] },
      'Creating',
      'False MissingDependency: DataVolume x: not served',
    ],
    ['a busy server', { troubles: [trouble({})] }, 'Creating', 'False Pending: VirtualMachine press-3-vm: try again'],
    [
      'a mistake to be mended',
      { mistakes: [{ reason: 'AddressInUse', message: 'spec.networks[lan]: 192.0.2.7 belongs to press-1' }] },
      'Error',
      'False InvalidSpec: spec.networks[lan]: 192.0.2.7 belongs to press-1',
    ],
    [
      'a refusal to be mended',
      { troubles: [trouble({ terminal: true, message: 'VirtualMachine press-3-vm: spec.x is wrong' })] },
      'Error',
      'False InvalidSpec: VirtualMachine press-3-vm: spec.x is wrong',
    ],
  ])('%s', ([, about, phase, ready]) => {
    const situation = { ...fine, ...about };

    expect(statusOf(wukong, situation, now).phase).toBe(phase);
    expect(told(situation, 'Ready')).toBe(ready);
  });
});

describe('the conditions of a Wukong', () => {
  it('call a mistake by its reason, and tell all of them', () => {
    const mistakes = [
      { reason: 'AddressInUse', message: 'one' },
      { reason: 'InvalidSpec', message: 'two' },
    ] as const;

    expect(told({ ...up, mistakes }, 'SpecValid')).toBe('False AddressInUse: one; two');
    expect(told({ ...up, mistakes }, 'Ready')).toBe('True VMRunning: the machine runs');
    expect(told(up, 'SpecValid')).toBe('True Accepted: the specification is accepted');
    expect(told({ ...up, cloudInit: { ...fine.cloudInit, note: 'use passwordHash' } }, 'SpecValid')).toBe(
      'True Accepted: use passwordHash',
    );
  });

  it('tell whether the machine is as it is wanted', () => {
    const restart = object('VirtualMachine', { conditions: [{ type: 'RestartRequired', status: 'True' }] });
    const taken = trouble({ reason: 'FieldConflict', terminal: true, message: 'taken' });

    expect(told(fine, 'VMSynced')).toBe('Unknown NotMade: there is no machine yet');
    expect(told(up, 'VMSynced')).toBe('True Applied: everything that is wanted has been applied');
    expect(told({ ...up, troubles: [taken] }, 'VMSynced')).toBe('False FieldConflict: taken');
    expect(told({ ...up, troubles: [taken] }, 'SpecValid')).toBe('True Accepted: the specification is accepted');
    expect(told({ ...up, held: no('RestoreInProgress', 'restoring') }, 'VMSynced')).toBe(
      'False RestoreInProgress: restoring',
    );
    expect(told({ ...up, vm: restart }, 'VMSynced')).toBe(
      'False RestartRequired: the change takes effect when the machine restarts',
    );
    expect(told({ ...up, vm: restart, waitsForRestart: 'memory waits for a restart' }, 'VMSynced')).toBe(
      'False RestartRequired: memory waits for a restart',
    );
  });

  it('name a network or a disk whose name is taken where people look for it', () => {
    const nad = trouble({ kind: 'NetworkAttachmentDefinition', reason: 'NADConflict', message: 'is taken' });
    const claim = trouble({ kind: 'PersistentVolumeClaim', reason: 'NameConflict', message: 'is taken too' });

    expect(told({ ...up, troubles: [nad, claim] }, 'NetworksConfigured')).toBe('False NADConflict: is taken');
    expect(told({ ...up, troubles: [nad, claim] }, 'VolumesBound')).toBe('False NameConflict: is taken too');
    expect(told({ ...up, troubles: [nad, claim] }, 'VMSynced')).toBe(
      'True Applied: everything that is wanted has been applied',
    );
  });

  it('copy what KubeVirt reports, and keep it once it has been told', () => {
    const paused = { type: 'Paused', status: 'True', reason: 'PausedByUser', message: 'VMI was paused by user' };
    const first = statusOf(wukong, { ...up, vmi: runs([paused]) }, now);

    expect(told(up, 'Paused')).toBe('undefined undefined: undefined');
    expect(told({ ...up, vmi: runs([paused]) }, 'Paused')).toBe('True PausedByUser: VMI was paused by user');
    expect(statusOf({ ...wukong, status: first }, up, later).conditions.at(-1)).toMatchObject({
      type: 'Paused',
      status: 'False',
      reason: 'NotReported',
      lastTransitionTime: later,
    });
  });

  it('B2: keep the time of a condition whose status has not turned over', () => {
    const before = statusOf(wukong, fine, now);
    const { conditions } = statusOf({ ...wukong, status: before }, up, later);

    expect(Object.fromEntries(conditions.map((one) => [one.type, one.lastTransitionTime]))).toEqual({
      Ready: later,
      SpecValid: now,
      NetworksConfigured: now,
      VolumesBound: now,
      VMSynced: later,
    });
  });

  it('B3: are all there from the first pass, each with its generation and a time', () => {
    const { conditions, observedGeneration } = statusOf(wukong, fine, now);
    const types = ['Ready', 'SpecValid', 'NetworksConfigured', 'VolumesBound', 'VMSynced'];

    expect(observedGeneration).toBe(3);
    expect(conditions.map((one) => one.type)).toEqual(types);
    for (const one of conditions) expect(one).toMatchObject({ observedGeneration: 3, lastTransitionTime: now });
    for (const { reason } of conditions) expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
  });
});

it('says where the machine is, and how KubeVirt calls its state', () => {
  expect(statusOf(wukong, { ...up, restoredFromSnapshot: 'monday' }, now)).toMatchObject({
    phase: 'Running',
    vmName: 'press-3-vm',
    vmStatus: 'Running',
    nodeName: 'node-a',
    restoredFromSnapshot: 'monday',
  });
});
