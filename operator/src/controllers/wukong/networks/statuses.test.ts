import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { nadOf, press, seenNetworks } from '../../../../../test/fixtures/seen-networks.ts';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { attachment } from './attachment.ts';
import { macOf } from './mac-address.ts';
import { migrationHindrance } from './migration.ts';
import { planNetworks } from './plan-networks.ts';
import { retiredNads } from './retired-nads.ts';
import { networkStatuses } from './statuses.ts';

const networks: readonly WukongNetwork[] = [
  { name: 'default' },
  { name: 'lan', type: 'bridge', ipConfig: { mode: 'static', address: '10.2.0.9/24' } },
  { name: 'flat', nadName: 'shared/flat', primary: true },
];
const seen = seenNetworks({ nads: [nadOf('flat', {}, 'shared')] });
const instance = (interfaces: readonly Json[]): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name: 'press-3-vm' },
  status: { interfaces },
});
const machine = (all: readonly WukongNetwork[]): KubeObject => {
  const { interfaces, networks: entries } = planNetworks(press(all), seen);
  const spec = { domain: { devices: { interfaces } }, networks: entries };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'press-3-vm' },
    spec: { template: { spec } },
  };
};

describe('the status of the networks', () => {
  it('has no address before somebody has seen one, also where one is wished for', () => {
    const wukong = press(networks);

    expect(networkStatuses(wukong, planNetworks(wukong, seen), undefined)).toEqual([
      { name: 'default', macAddress: macOf(wukong, 'default') },
      { name: 'lan', macAddress: macOf(wukong, 'lan'), nadName: 'press-3-lan-nad' },
      { name: 'flat', macAddress: macOf(wukong, 'flat'), nadName: 'shared/flat', primary: true },
    ]);
  });

  it('is what KubeVirt reports, by name, without what only the guest knows', () => {
    const wukong = press(networks);
    const vmi = instance([
      { interfaceName: 'docker0', ipAddress: '172.17.0.1', mac: '02:42:00:00:00:01' },
      {
        name: 'lan',
        interfaceName: 'enp2s0',
        ipAddress: '10.2.0.9',
        ipAddresses: ['10.2.0.9', 'fe80::1'],
        mac: '02:AA:00:00:00:01',
      },
      { name: 'default', ipAddress: '' },
    ]);

    expect(networkStatuses(wukong, planNetworks(wukong, seen), vmi).slice(0, 2)).toEqual([
      { name: 'default', macAddress: macOf(wukong, 'default') },
      {
        name: 'lan',
        interface: 'enp2s0',
        ipAddress: '10.2.0.9',
        ipAddresses: ['10.2.0.9', 'fe80::1'],
        macAddress: '02:aa:00:00:00:01',
        nadName: 'press-3-lan-nad',
      },
    ]);
  });

  it('speaks of the pod network where no network is named', () => {
    const wukong = press();

    expect(
      networkStatuses(wukong, planNetworks(wukong, seen), instance([{ name: 'default', ipAddress: '10.42.0.7' }])),
    ).toEqual([{ name: 'default', ipAddress: '10.42.0.7', macAddress: macOf(wukong, 'default') }]);
  });
});

describe('a NIC that is no longer asked for', () => {
  const before = machine(networks);
  const wukong = press([{ name: 'default' }]);
  const plugged = instance([{ name: 'default' }, { name: 'lan' }]);
  const nad = attachment(press(networks), { name: 'lan', type: 'bridge' });

  it('is marked as absent while the guest has it, and dropped once it has not', () => {
    const during = planNetworks(wukong, { ...seen, vm: before, vmi: plugged });
    const after = planNetworks(wukong, { ...seen, vm: before, vmi: instance([{ name: 'default' }]) });

    expect(during.interfaces.slice(1)).toEqual([
      { name: 'lan', macAddress: macOf(wukong, 'lan'), model: 'virtio', bridge: {}, state: 'absent' },
    ]);
    expect(during.networks.slice(1)).toEqual([{ name: 'lan', multus: { networkName: 'press-3-lan-nad' } }]);
    expect(during.nics.map(({ name }) => name)).toEqual(['default']);
    expect(after.interfaces).toHaveLength(1);
    expect(planNetworks(wukong, { ...seen, vm: before }).interfaces).toHaveLength(1);
  });

  it('is not unplugged where KubeVirt cannot', () => {
    const plan = planNetworks(press([{ name: 'lan', type: 'bridge' }]), { ...seen, vm: before, vmi: plugged });

    expect(plan.interfaces.map(({ name }) => name)).toEqual(['lan']);
  });

  it('keeps its attachment as long as the machine names it', () => {
    const during = planNetworks(wukong, { ...seen, vm: before, vmi: plugged });
    const after = planNetworks(wukong, seen);

    expect(retiredNads(wukong, during, [nad], undefined)).toEqual([]);
    expect(retiredNads(wukong, after, [nad], before)).toEqual([]);
    expect(retiredNads(wukong, after, [nad], machine([{ name: 'default' }]))).toEqual([nad]);
  });

  it('never takes an attachment of somebody else away', () => {
    const foreign = [
      nadOf('press-3-lan-nad'),
      attachment({ ...press(), metadata: { name: 'press-3', uid: 'another' } }, { name: 'lan' }),
    ];

    expect(retiredNads(wukong, planNetworks(wukong, seen), foreign, undefined)).toEqual([]);
  });
});

describe('what keeps a machine on its node', () => {
  it('is told network by network', () => {
    const tied: WukongNetwork[] = [
      { name: 'line', type: 'macvlan', physicalInterface: 'ens2' },
      { name: 'pool', type: 'bridge', ipConfig: { mode: 'ipam', ipam: { range: '10.9.0.0/24' } } },
    ];

    expect(migrationHindrance(press(tied))).toBe(
      'network line: a macvtap device stays on its node; network pool: ipam gives another address to the pod on another node',
    );
  });

  it('is nothing on bridges and on the pod network', () => {
    expect(
      migrationHindrance(
        press([
          { name: 'default', type: 'macvlan' },
          { name: 'lan', type: 'bridge' },
        ]),
      ),
    ).toBeUndefined();
  });
});
