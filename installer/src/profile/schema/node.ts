/** One machine: what it is called, how it is known, its disks and its network. */
import * as z from 'zod';
import { DataDisk, NicMatch, SystemDisk } from './devices.ts';
import { HostOverride } from './host.ts';
import { address, cidr, identity, interfaceName, mtu, name } from './terms.ts';

const mtuField = mtu.meta({
  description: 'The largest packet in bytes; without it the network card keeps its own.',
  examples: [9000],
});

export const Management = z
  .strictObject({
    match: NicMatch,
    name: interfaceName
      .default('mgmt0')
      .meta({ description: 'The name that the interface gets for good.', examples: ['mgmt0'] }),
    addresses: z
      .array(cidr)
      .meta({
        description: 'Fixed IPv4 addresses with their prefix length; the first one is the address of the node.',
        examples: [['10.7.0.10/24']],
      })
      .optional(),
    dhcp: z
      .boolean()
      .default(false)
      .meta({ description: '`true`: the address comes from a DHCP server, instead of `addresses`.', examples: [true] }),
    gateway: address.meta({ description: 'The default gateway.', examples: ['10.7.0.1'] }).optional(),
    mtu: mtuField.optional(),
  })
  .meta({ description: 'The interface that the node is reached by and that the cluster talks over.' });

export const Interface = z
  .strictObject({
    match: NicMatch,
    name: interfaceName.meta({ description: 'The name that the interface gets for good.', examples: ['lan0'] }),
    mtu: mtuField.optional(),
    addresses: z
      .array(cidr)
      .default([])
      .meta({ description: 'IPv4 addresses, where the host itself needs one.', examples: [['192.168.40.10/24']] }),
  })
  .meta({ description: 'One more network card.' });

export const Bridge = z
  .strictObject({
    name: interfaceName.meta({ description: 'The name of the bridge.', examples: ['br-lan'] }),
    ports: z
      .array(interfaceName)
      .min(1)
      .meta({ description: 'Names of entries under `interfaces`.', examples: [['lan0']] }),
    mtu: mtuField.optional(),
  })
  .meta({ description: 'A bridge that virtual machines plug into.' });

const network = z
  .strictObject({
    management: Management,
    interfaces: z.array(Interface).default([]).meta({ description: 'Network cards beside the management one.' }),
    bridges: z.array(Bridge).default([]).meta({ description: 'Bridges over those network cards.' }),
  })
  .meta({ description: 'Network cards, addresses and bridges.' });

const machine = z
  .strictObject({
    serial: identity
      .meta({
        description: 'The serial number in the firmware (`dmidecode -s system-serial-number`).',
        examples: ['7XK2M13'],
      })
      .optional(),
    uuid: z
      .string()
      .regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, {
        error: 'a UUID such as 4c4c4544-0058-4b10-8032-b7c04f4d3133',
      })
      .meta({ description: 'The system UUID in the firmware.', examples: ['4c4c4544-0058-4b10-8032-b7c04f4d3133'] })
      .optional(),
  })
  .meta({ description: 'How a machine knows that it is this node. Optional with one node.' });

export const Node = z
  .strictObject({
    name: name.meta({ description: 'Host name, and name of the node in the cluster.', examples: ['plant-7-a'] }),
    role: z
      .enum(['server', 'agent'])
      .default('server')
      .meta({
        description: '`server` runs the control plane as well as virtual machines; `agent` only the latter.',
        examples: ['server'],
      }),
    machine: machine.optional(),
    disks: z
      .strictObject({ system: SystemDisk.optional(), data: DataDisk.optional() })
      .prefault({})
      .meta({ description: 'Which disk is for what. Disks that no selector names are never touched.' }),
    network,
    host: HostOverride.optional(),
  })
  .meta({ description: 'One machine.' });
