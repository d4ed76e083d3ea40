import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { nic, nodeOf, nodeStateOf, press, seenNetworks } from '../../../../../test/fixtures/seen-networks.ts';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { planNetworks } from './plan-networks.ts';
import type { NetworkSettings } from './seen.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const lan: WukongNetwork = { name: 'lan', type: 'bridge', bridgeName: 'br0', physicalInterface: 'ens1' };
const own = nic('ens0', '10.0.0.1');

interface Given {
  readonly interfaces?: readonly Json[];
  readonly gatewayNic?: string;
  readonly settings?: Partial<NetworkSettings>;
  readonly policies?: readonly KubeObject[];
  readonly network?: WukongNetwork;
  readonly nncp?: boolean;
}

function judged({ interfaces, gatewayNic = 'ens0', settings, policies = [], network = lan, nncp = true }: Given) {
  const plan = planNetworks(
    press([network]),
    seenNetworks({
      serves: { nad: true, nncp },
      settings: { nmstate: true, allowedUplinks: ['ens1'], ...settings },
      nodes: [nodeOf('n1', '10.0.0.1')],
      nodeStates: interfaces === undefined ? [] : [nodeStateOf('n1', interfaces, gatewayNic)],
      policies,
    }),
  );
  const policy = plan.objects.find((one) => one.kind === 'NodeNetworkConfigurationPolicy');
  return { policy, reason: plan.verdict.reason, message: plan.verdict.message.replace('network lan: ', '') };
}

const nodeNic = { interfaces: [nic('ens1', '10.0.0.1')], gatewayNic: 'ens1' };
const byHand = 'name another NIC, or make the bridge on the nodes by hand and leave out physicalInterface';

describe('B10: the guard of the uplinks', () => {
  it.for<[string, Given, string]>([
    [
      'is not allowed',
      { interfaces: [own, nic('ens1')], settings: { allowedUplinks: ['ens2'] } },
      'ens1 is not among the uplinks that the operator may use for br0; ask whoever runs the operator to allow it, or make the bridge on the nodes by hand and leave out physicalInterface',
    ],
    [
      'is allowed for another bridge',
      { interfaces: [own, nic('ens1')], settings: { allowedUplinks: ['ens1:br1'] } },
      'ens1 is not among the uplinks that the operator may use for br0; ask whoever runs the operator to allow it, or make the bridge on the nodes by hand and leave out physicalInterface',
    ],
    [
      'carries the node’s own address',
      nodeNic,
      `ens1 carries the own address or the default route of the node n1; ${byHand}`,
    ],
    [
      'carries the default route alone',
      { interfaces: [own, nic('ens1')], gatewayNic: 'ens1' },
      `ens1 carries the own address or the default route of the node n1; ${byHand}`,
    ],
    [
      'carries a VLAN with the node’s own address',
      {
        interfaces: [nic('ens1'), nic('ens1.5', '10.0.0.1', { type: 'vlan', vlan: { 'base-iface': 'ens1', id: 5 } })],
        gatewayNic: 'ens1.5',
      },
      `ens1.5, which has to do with ens1 or br0, carries the own address or the default route of the node n1; ${byHand}`,
    ],
    [
      'is below a bond and a VLAN with the default route',
      {
        interfaces: [
          own,
          nic('ens1'),
          nic('bond0', undefined, { type: 'bond', 'link-aggregation': { port: ['ens1'] } }),
          nic('bond0.5', undefined, { type: 'vlan', vlan: { 'base-iface': 'bond0' } }),
        ],
        gatewayNic: 'bond0.5',
      },
      `bond0.5, which has to do with ens1 or br0, carries the own address or the default route of the node n1; ${byHand}`,
    ],
    [
      'belongs to a bond',
      { interfaces: [own, nic('ens1', undefined, { controller: 'bond0' })] },
      'ens1 belongs to bond0 on the node n1; name another NIC',
    ],
    [
      'cannot be seen',
      {},
      'NMState has not reported the interfaces of the node n1, so nobody can tell what ens1 carries there; see that the NMState handler runs on it',
    ],
    [
      'is to be below what is no bridge',
      { interfaces: [own, nic('ens1'), nic('br0')] },
      'br0 is an interface of the type ethernet on the node n1; give another bridgeName',
    ],
    [
      'is to be below a bridge that is there without it',
      {
        interfaces: [
          own,
          nic('ens1'),
          nic('br0', undefined, { type: 'linux-bridge', bridge: { port: [{ name: 'ens7' }] } }),
        ],
      },
      'br0 is on the node n1 already, without ens1; give another bridgeName, or leave out physicalInterface',
    ],
  ])('refuses one that %s', ([, given, message]) => {
    expect(judged(given)).toEqual({ policy: undefined, reason: 'UplinkRefused', message });
  });

  it('lets one through that is free and allowed, for this bridge alone if so', () => {
    const given = { interfaces: [own, nic('ens1')], settings: { allowedUplinks: ['ens1:br0'] } };

    expect(judged(given)).toMatchObject({
      policy: { metadata: { name: 'novasphere-br0' } },
      reason: 'PolicyProgressing',
    });
  });

  it('says that NMState is missing', () => {
    expect(judged({ interfaces: [own, nic('ens1')], nncp: false })).toEqual({
      policy: undefined,
      reason: 'NMStateNotInstalled',
      message:
        'the bridge br0 over ens1 is for NMState to make, which is not installed; install kubernetes-nmstate, or make the bridge on the nodes by hand and leave out physicalInterface',
    });
  });

  it('does not hold against a bridge what its own policy has made', () => {
    const { policy } = judged({ interfaces: [own, nic('ens1')] });
    const made = nic('br0', undefined, { type: 'linux-bridge', bridge: { port: [] } });
    const given = {
      interfaces: [own, nic('ens1', undefined, { controller: 'br0' }), made],
      policies: policy === undefined ? [] : [policy],
    };

    expect(judged(given).reason).toBe('PolicyProgressing');
  });
});

describe('the NIC of a node, where that is allowed', () => {
  const settings = { allowNodeNic: true };

  it('gives what it has to the bridge, a fixed address with its routes', async () => {
    const { policy } = judged({ ...nodeNic, settings });
    const leased = { interfaces: [{ ...nodeNic.interfaces[0], ipv4: { dhcp: true, address: [{ ip: '10.0.0.1' }] } }] };
    const { policy: other } = judged({ ...nodeNic, ...leased, settings });

    await expect([policy, other].map((one) => dump(one)).join('---\n')).toMatchFileSnapshot(
      golden('node-nic-policies.yaml'),
    );
  });

  it('is captured once: afterwards the policy is left as it is, and no second one takes the address away', () => {
    const { policy } = judged({ ...nodeNic, settings });
    const moved = [
      nic('ens1', undefined, { controller: 'br0' }),
      nic('br0', '10.0.0.1', { type: 'linux-bridge', bridge: { port: [{ name: 'ens1' }] } }),
    ];
    const after = { interfaces: moved, gatewayNic: 'br0' };
    const policies = policy === undefined ? [] : [policy];

    expect(judged({ ...after, settings, policies })).toMatchObject({ policy: undefined, reason: 'PolicyProgressing' });
    expect(judged({ ...after, policies })).toMatchObject({ policy: undefined, reason: 'PolicyProgressing' });
    expect(judged({ ...after, settings })).toEqual({
      policy: undefined,
      reason: 'UplinkRefused',
      message: `br0, which has to do with ens1 or br0, carries the own address or the default route of the node n1; ${byHand}`,
    });
  });

  it('is not given away by a bridge that asks for another NIC', () => {
    const { policy } = judged({ ...nodeNic, settings });
    const network = { ...lan, physicalInterface: 'ens2' };
    const given = { interfaces: [own, nic('ens2')], network, policies: policy === undefined ? [] : [policy] };

    expect(judged({ ...given, settings: { ...settings, allowedUplinks: ['ens1', 'ens2'] } })).toEqual({
      policy: undefined,
      reason: 'PolicyConflict',
      message:
        'the policy novasphere-br0 has put br0 over ens1, with the own address of a node; name that NIC, or give another bridgeName',
    });
  });

  it('is refused to Open vSwitch, whose bridges have no address', () => {
    expect(judged({ ...nodeNic, settings, network: { ...lan, type: 'ovs' } }).reason).toBe('UplinkRefused');
  });
});
