import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { WukongSpec } from '../../../api/wukong.ts';
import { planDisks } from '../disks/plan-disks.ts';
import { seenWith, wukongWith } from '../disks/test-storage.ts';
import { pendingRestart } from './pending-restart.ts';
import { planMachine } from './plan-machine.ts';

const network = {
  networks: [{ name: 'default', pod: {} }],
  interfaces: [{ name: 'default', masquerade: {}, model: 'virtio' }],
};
const machine = (more: Partial<WukongSpec> = {}, names = ['root']): KubeObject => {
  const wukong = wukongWith(
    names.map((name) => ({ name, size: '1Gi' })),
    more,
  );
  return planMachine(wukong, {
    networks: network,
    disks: planDisks(wukong, seenWith()),
    cloudInit: { disks: [], volumes: [] },
  });
};

/** As KubeVirt makes it from its machine. */
const instance = (of: KubeObject): KubeObject => {
  const { domain, ...rest }: Json = of['spec'].template.spec;
  const cpu = { ...domain.cpu, maxSockets: 4, model: domain.cpu.model ?? 'host-model' };
  const filled = {
    ...domain,
    cpu,
    machine: { type: 'q35', ...domain.machine },
    resources: {},
    features: { acpi: { enabled: true } },
  };
  const spec = { architecture: 'amd64', evictionStrategy: 'None', ...rest, domain: filled };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata: { name: 'press-3-vm' }, spec };
};

describe('what waits for a restart', () => {
  it('is nothing while nothing has changed, whatever KubeVirt has filled in', () => {
    expect(pendingRestart(machine(), instance(machine()))).toEqual([]);
  });

  it('is nothing while nothing runs', () => {
    expect(pendingRestart(machine(), undefined)).toEqual([]);
  });

  it('is not the memory that is written in other words', () => {
    expect(pendingRestart(machine({ memory: '1024Mi' }), instance(machine()))).toEqual([]);
  });

  it.for<[Partial<WukongSpec>, readonly string[]]>([
    [{ cpu: 2, memory: '2Gi' }, ['cpu', 'memory']],
    [{ gpus: [{ name: 'gpu1', deviceName: 'nvidia.com/TU104GL' }] }, ['gpus']],
    [{ hugepages: '2Mi', firmware: 'uefi', machineType: 'pc-q35-9.2' }, ['hugepages', 'machineType', 'firmware']],
    [{ cpuModel: 'host-passthrough', dedicatedCpu: true }, ['cpuModel', 'dedicatedCpu']],
    [{ scheduling: { priorityClassName: 'high' }, highAvailability: { antiAffinity: true } }, ['scheduling']],
    [
      { evictionStrategy: 'LiveMigrate', terminationGracePeriodSeconds: 5 },
      ['evictionStrategy', 'terminationGracePeriodSeconds'],
    ],
  ])('of %j is %j, and the same on the way back', ([more, wanted]) => {
    expect(pendingRestart(machine(more), instance(machine()))).toEqual(wanted);
  });

  it.for<[Partial<WukongSpec>, readonly string[]]>([
    [{ gpus: [{ name: 'gpu1', deviceName: 'nvidia.com/TU104GL' }] }, ['gpus']],
    [{ dedicatedCpu: true, hugepages: '2Mi' }, ['dedicatedCpu', 'hugepages']],
  ])('is also what has been taken away: %j', ([more, wanted]) => {
    expect(pendingRestart(machine(), instance(machine(more)))).toEqual(wanted);
  });

  it('is a disk that has come, told once', () => {
    expect(pendingRestart(machine({}, ['root', 'data']), instance(machine()))).toEqual(['disks']);
  });
});
