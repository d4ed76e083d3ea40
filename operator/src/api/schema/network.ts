import * as z from 'zod';
import { IpConfig } from './ip-config.ts';
import { networkRules, networksRules } from './network-rules.ts';
import { byName, name, resource, spelled } from './terms.ts';

/** Linux has 15 characters for the name of an interface. */
const interfaceName = spelled(
  15,
  '^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$',
  'the name of an interface of the host has letters, digits, `_`, `.` and `-`, 15 at most',
);

export const Network = z
  .object({
    name: name.meta({ description: 'Id of the NIC; `default` is the pod network.', examples: ['lan'] }),
    type: z
      .enum(['bridge', 'macvlan', 'sriov', 'ovs'])
      .meta({
        description:
          'How the NIC reaches the network: by a Linux bridge, an Open vSwitch bridge, an SR-IOV function, or macvlan, which is done with macvtap. Ignored on `default`.',
        examples: ['bridge'],
      })
      .optional(),
    nadName: spelled(
      317,
      '^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      'nadName is the name of a NetworkAttachmentDefinition, or namespace/name',
    )
      .meta({
        description:
          'An existing NetworkAttachmentDefinition, which is used and never changed: name, or namespace/name. Absent: one is made from the type.',
        examples: ['plant/vlan-12'],
      })
      .optional(),
    vlanId: z
      .int()
      .min(1)
      .max(4094)
      .meta({ description: 'The VLAN that the NIC is in.', examples: [12] })
      .optional(),
    bridgeName: interfaceName
      .meta({ description: 'The bridge of the host. Absent: br-<name>.', examples: ['br-lan'] })
      .optional(),
    physicalInterface: interfaceName
      .meta({
        description:
          'The interface of the host under it: the uplink of the bridge, which is set only where the operator may change the network of the host; or what macvlan sits on.',
        examples: ['enp3s0'],
      })
      .optional(),
    resourceName: resource
      .meta({ description: 'SR-IOV: the resource of the device plugin.', examples: ['intel.com/sriov_lan'] })
      .optional(),
    ipConfig: IpConfig.optional(),
    primary: z
      .boolean()
      .meta({
        description: 'Whether it takes the place of the pod network, as the default network of the pod. One at most.',
        examples: [true],
      })
      .optional(),
    macAddress: spelled(
      17,
      '^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$',
      'macAddress has six pairs of hexadecimal digits and is no group address, such as 02:4e:6f:76:61:01',
    )
      .meta({
        description: 'Hardware address. Absent: one that stays the same for the life of the Wukong.',
        examples: ['02:4e:6f:76:61:01'],
      })
      .optional(),
    mtu: z
      .int()
      .min(68)
      .max(65_535)
      .meta({ description: 'Largest packet, in bytes. Absent: as the network has it.', examples: [9000] })
      .optional(),
    model: z
      .enum(['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet'])
      .meta({
        description: 'What the guest sees; e1000e for guests without virtio drivers. Absent: virtio.',
        examples: ['e1000e'],
      })
      .optional(),
  })
  .meta({
    description: 'A NIC and the network that it is on.',
    ...networkRules,
  });

export const networks = byName(Network, 16).meta({
  description: 'The NICs, in their order. Without any, the machine is on the pod network.',
  ...networksRules,
});
