import { describe, expect, it } from 'vitest';
import type { WukongDisk, WukongNetwork, WukongSpec } from '../../../api/wukong.ts';
import { type Effect, effectOf, effectsTold } from './change-effects.ts';

const root: WukongDisk = { name: 'root', size: '10Gi', boot: true };
const data: WukongDisk = { name: 'data', size: '10Gi' };
const lan: WukongNetwork = { name: 'lan', type: 'bridge', bridgeName: 'br0' };
const base: WukongSpec = { cpu: 2, memory: '2Gi', disks: [root, data], networks: [lan] };
const effects = (after: Partial<WukongSpec>, before: Partial<WukongSpec> = {}) => {
  const found = effectOf({ ...base, ...before }, { ...base, ...after });
  return (Object.entries(found) as [Effect, readonly string[]][]).flatMap(([effect, what]) =>
    what.map((one) => `${one}: ${effect}`),
  );
};
const disk = (more: Partial<WukongDisk>) => ({ disks: [root, { ...data, ...more }] });
const nic = (more: Partial<WukongNetwork>) => ({ networks: [{ ...lan, ...more }] });

describe('a change', () => {
  it.for<[Partial<WukongSpec>, readonly string[]]>([
    [{}, []],
    [{ power: 'Off' }, ['power: live']],
    [{ cpu: 4 }, ['cpu: live']],
    [{ cpu: 1 }, ['cpu: restart']],
    [{ memory: '4Gi' }, ['memory: live']],
    [{ memory: '1Gi' }, ['memory: restart']],
    [{ memory: '2048Mi' }, []],
    [{ gpus: [{ name: 'a', deviceName: 'b' }], hugepages: '2Mi' }, ['hugepages: restart', 'gpus: restart']],
    [{ machineType: 'q35' }, ['machineType: restart']],
    [{ cpuModel: 'host-model', dedicatedCpu: true }, ['cpuModel: restart', 'dedicatedCpu: restart']],
    [{ firmware: 'uefi' }, ['firmware: restart']],
    [{ highAvailability: { nodeSelector: { a: 'b' } } }, ['highAvailability.nodeSelector: live']],
    [{ scheduling: { affinity: {} } }, ['scheduling.affinity: live']],
    [{ scheduling: { schedulerName: 'other' } }, ['scheduling.schedulerName: restart']],
    [{ terminationGracePeriodSeconds: 180 }, []],
    [{ terminationGracePeriodSeconds: 5 }, ['terminationGracePeriodSeconds: restart']],
    [{ sshKeySecret: 'keys' }, ['sshKeySecret: nextInstance']],
    [{ cloudInitUser: { name: 'me' } }, ['cloudInitUser: nextInstance']],
    [{ cloudInit: { userDataSecretRef: { name: 'a' } } }, ['cloudInit: nextInstance']],
    [{ restoreFromSnapshot: 'nightly' }, ['restoreFromSnapshot: live']],
    [{ osImage: 'ubuntu:24.04' }, ['the disk root.image: refused']],
  ])('of the machine, %j, takes effect so: %j', ([after, wanted]) => {
    expect(effects(after)).toEqual(wanted);
  });

  it.for<[Partial<WukongSpec>, readonly string[]]>([
    [disk({ size: '20Gi' }), ['the disk data.size: live']],
    [disk({ size: '5Gi' }), ['the disk data.size: refused']],
    [disk({ image: 'a/b' }), ['the disk data.image: refused']],
    [disk({ source: { blank: {} } }), ['the disk data.source: refused']],
    [
      disk({ storageClassName: 'fast', accessModes: ['ReadWriteMany'], volumeMode: 'Block' }),
      [
        'the disk data.storageClassName: refused',
        'the disk data.accessModes: refused',
        'the disk data.volumeMode: refused',
      ],
    ],
    [disk({ bus: 'sata' }), ['the disk data.bus: restart']],
    [disk({ deletePolicy: 'Retain' }), ['the disk data.deletePolicy: live']],
    [{ disks: [root, data, { name: 'more', size: '1Gi' }] }, ['the disk more: restart']],
    [{ disks: [root, data, { name: 'more', size: '1Gi', hotpluggable: true }] }, ['the disk more: live']],
    [{ disks: [root] }, ['the disk data: restart']],
    [{ disks: [data] }, ['the disk root: refused']],
    [
      {
        disks: [
          { ...root, boot: false },
          { ...data, boot: true },
        ],
      },
      ['the boot disk: restart'],
    ],
  ])('of the disks, %j, takes effect so: %j', ([after, wanted]) => {
    expect(effects(after)).toEqual(wanted);
  });

  it.for<[Partial<WukongSpec>, readonly string[]]>([
    [nic({ vlanId: 12 }), ['the network lan.vlanId: restart']],
    [nic({ macAddress: '02:00:00:00:00:01' }), ['the network lan.macAddress: restart']],
    [nic({ type: 'ovs' }), ['the network lan.type: restart']],
    [nic({ ipConfig: { mode: 'dhcp' } }), ['the network lan.ipConfig: nextInstance']],
    [nic({ ipConfig: { mode: 'ipam', ipam: { range: '10.0.0.0/24' } } }), ['the network lan.ipConfig: restart']],
    [{ networks: [lan, { name: 'more', type: 'bridge' }] }, ['the network more: live']],
    [{ networks: [lan, { name: 'more', type: 'sriov', nadName: 'a' }] }, ['the network more: restart']],
    [{ networks: [lan, { name: 'more', type: 'bridge', model: 'e1000' }] }, ['the network more: restart']],
    [{ networks: [] }, ['the network lan: live', 'the network default: restart']],
  ])('of the networks, %j, takes effect so: %j', ([after, wanted]) => {
    expect(effects(after).toSorted()).toEqual(wanted.toSorted());
  });

  it('of no networks to the pod network by name is none', () => {
    expect(effects({ networks: [{ name: 'default' }] }, { networks: [] })).toEqual([]);
  });
});

describe('what is told of a change', () => {
  const told = (after: Partial<WukongSpec>) => effectsTold(effectOf(base, { ...base, ...after }));

  it('is what waits, and for what', () => {
    const after = { memory: '1Gi', gpus: [{ name: 'a', deviceName: 'b' }], sshKeySecret: 'keys', cpu: 4 };

    expect(told(after)).toBe(
      'takes effect when the machine restarts: memory, gpus; takes effect in a new machine alone: sshKeySecret',
    );
  });

  it('is nothing of what the machine simply follows', () => {
    expect(told({ cpu: 4, power: 'Off' })).toBeUndefined();
  });
});
