import { type Case, withNetworks } from './case.ts';

const lan = { name: 'lan', type: 'bridge' };

export const accepted: readonly Case[] = [
  ['the pod network', withNetworks({ name: 'default' })],
  [
    'the pod network with a type and an ipConfig, which mean nothing there',
    withNetworks({ name: 'default', type: 'bridge', ipConfig: { mode: 'dhcp' } }),
  ],
  ['the pod network said to be sriov, which means nothing there', withNetworks({ name: 'default', type: 'sriov' })],
  ['the pod network beside a bridge', withNetworks({ name: 'default' }, lan)],
  ['an attachment of its own namespace', withNetworks({ name: 'lan', nadName: 'vlan-12' })],
  ['an attachment of another namespace', withNetworks({ name: 'lan', nadName: 'plant/vlan-12' })],
  ['a bridge whose name is made of 12 characters', withNetworks({ name: 'a'.repeat(12), type: 'bridge' })],
  [
    'a long name with a bridge of its own',
    withNetworks({
      name: 'a'.repeat(32),
      type: 'ovs',
      bridgeName: 'br-lan',
      vlanId: 4094,
      physicalInterface: 'enp3s0.12',
    }),
  ],
  ['macvlan', withNetworks({ name: 'lan', type: 'macvlan', physicalInterface: 'enp3s0' })],
  ['macvlan with an attachment', withNetworks({ name: 'lan', type: 'macvlan', nadName: 'fast' })],
  [
    'SR-IOV with a resource',
    withNetworks({ name: 'lan', type: 'sriov', resourceName: 'intel.com/sriov_lan', vlanId: 7 }),
  ],
  ['SR-IOV with an attachment', withNetworks({ name: 'lan', type: 'sriov', nadName: 'fast' })],
  ['a primary network with an attachment', withNetworks({ name: 'lan', nadName: 'lan', primary: true })],
  [
    'a primary network with whereabouts',
    withNetworks({ ...lan, primary: true, ipConfig: { mode: 'ipam', ipam: { range: '10.20.0.0/24' } } }),
  ],
  ['primary: false on the pod network', withNetworks({ name: 'default', primary: false }, lan)],
  [
    'two addresses of hardware',
    withNetworks(
      { ...lan, macAddress: '02:00:00:00:00:01' },
      { name: 'b', nadName: 'b', macAddress: '02:00:00:00:00:02' },
    ),
  ],
  ['an MTU and a model', withNetworks({ ...lan, mtu: 9000, model: 'e1000e' })],
];

export const refused: readonly Case[] = [
  ['the pod network with an attachment', withNetworks({ name: 'default', nadName: 'lan' })],
  ['the pod network with a bridge', withNetworks({ name: 'default', type: 'bridge', bridgeName: 'br0' })],
  ['the pod network with an uplink', withNetworks({ name: 'default', physicalInterface: 'eth0' })],
  ['the pod network with a VLAN', withNetworks({ name: 'default', vlanId: 7 })],
  ['the pod network with a resource', withNetworks({ name: 'default', resourceName: 'a.com/b' })],
  ['another network without type and attachment', withNetworks({ name: 'lan' })],
  ['another type', withNetworks({ name: 'lan', type: 'vxlan' })],
  ['an attachment in capitals', withNetworks({ name: 'lan', nadName: 'Plant/lan' })],
  ['a derived bridge of 16 characters', withNetworks({ name: 'a'.repeat(13), type: 'bridge' })],
  ['a bridge of 16 characters', withNetworks({ ...lan, bridgeName: 'a'.repeat(16) })],
  ['a bridge with a slash', withNetworks({ ...lan, bridgeName: 'br/lan' })],
  ['an uplink of 16 characters', withNetworks({ ...lan, physicalInterface: 'a'.repeat(16) })],
  ['macvlan on nothing', withNetworks({ name: 'lan', type: 'macvlan' })],
  [
    'macvlan with a bridge',
    withNetworks({ name: 'lan', type: 'macvlan', physicalInterface: 'eth0', bridgeName: 'br0' }),
  ],
  ['macvlan with a VLAN', withNetworks({ name: 'lan', type: 'macvlan', physicalInterface: 'eth0', vlanId: 7 })],
  ['SR-IOV without a resource', withNetworks({ name: 'lan', type: 'sriov' })],
  ['SR-IOV with a bridge', withNetworks({ name: 'lan', type: 'sriov', nadName: 'fast', bridgeName: 'br0' })],
  ['SR-IOV with a resource of no domain', withNetworks({ name: 'lan', type: 'sriov', resourceName: 'sriov' })],
  [
    'SR-IOV with whereabouts',
    withNetworks({
      name: 'lan',
      type: 'sriov',
      nadName: 'fast',
      ipConfig: { mode: 'ipam', ipam: { range: '10.0.0.0/8' } },
    }),
  ],
  ['VLAN 0', withNetworks({ ...lan, vlanId: 0 })],
  ['VLAN 4095', withNetworks({ ...lan, vlanId: 4095 })],
  [
    'a primary network without an address for the pod',
    withNetworks({ ...lan, primary: true, ipConfig: { mode: 'dhcp' } }),
  ],
  ['two primary networks', withNetworks(...['a', 'b'].map((name) => ({ name, nadName: name, primary: true })))],
  [
    'a primary network beside the pod network',
    withNetworks({ name: 'default' }, { name: 'lan', nadName: 'lan', primary: true }),
  ],
  ['two networks of one name', withNetworks(lan, lan)],
  ['17 networks', withNetworks(...Array.from({ length: 17 }, (_, index) => ({ name: `n${index}`, nadName: 'lan' })))],
  ['a group address of hardware', withNetworks({ ...lan, macAddress: '01:00:5e:00:00:01' })],
  ['an address of hardware with dashes', withNetworks({ ...lan, macAddress: '02-00-00-00-00-01' })],
  [
    'an address of hardware twice',
    withNetworks(
      { ...lan, macAddress: '02:00:00:00:00:0A' },
      { name: 'b', nadName: 'b', macAddress: '02:00:00:00:00:0a' },
    ),
  ],
  ['an MTU of 60', withNetworks({ ...lan, mtu: 60 })],
  [
    'two default routes',
    withNetworks(
      ...['a', 'b'].map((name, index) => ({
        name,
        nadName: name,
        ipConfig: { mode: 'static', address: `10.${index}.0.2/24`, gateway: `10.${index}.0.1` },
      })),
    ),
  ],
];
