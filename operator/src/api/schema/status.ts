import * as z from 'zod';
import { conditions } from './condition.ts';
import { byName, listOf, text } from './terms.ts';

const conditionTypes = [
  'Ready',
  'SpecValid',
  'NetworksConfigured',
  'VolumesBound',
  'VMSynced',
  'Paused',
  'LiveMigratable',
  'AgentConnected',
  'RestartRequired',
] as const;

const address = text(45);

export const NetworkStatus = z
  .object({
    name: text(63).meta({ description: 'The network of the specification.', examples: ['lan'] }),
    interface: text(63)
      .meta({ description: 'What the guest calls the NIC.', examples: ['eth1'] })
      .optional(),
    ipAddress: address.meta({ description: 'Its first address.', examples: ['192.168.1.10'] }).optional(),
    ipAddresses: listOf(address, 64)
      .meta({ description: 'All its addresses, as far as they are known.', examples: [['192.168.1.10', 'fd00::10']] })
      .optional(),
    macAddress: text(17)
      .meta({ description: 'Hardware address.', examples: ['02:4e:6f:76:61:01'] })
      .optional(),
    nadName: text(317)
      .meta({ description: 'The NetworkAttachmentDefinition in use.', examples: ['plant-hmi-lan-nad'] })
      .optional(),
    primary: z
      .boolean()
      .meta({ description: 'Whether it takes the place of the pod network.', examples: [false] })
      .optional(),
  })
  .meta({ description: 'How a network stands.' });

export const VolumeStatus = z
  .object({
    name: text(63).meta({ description: 'The disk of the specification.', examples: ['root'] }),
    pvcName: text(253).meta({ description: 'Its claim.', examples: ['plant-hmi-root'] }),
    bound: z.boolean().meta({ description: 'Whether the claim has its volume.', examples: [true] }),
    size: text(32)
      .meta({ description: 'The same as capacity.', examples: ['20Gi'] })
      .optional(),
    phase: text(63)
      .meta({ description: 'How far the import is, as CDI says.', examples: ['ImportInProgress'] })
      .optional(),
    progress: text(32)
      .meta({ description: 'How much of the import is done.', examples: ['37.5%'] })
      .optional(),
    capacity: text(32)
      .meta({ description: 'What the claim has.', examples: ['20Gi'] })
      .optional(),
    requested: text(32)
      .meta({ description: 'What the claim asks for.', examples: ['20Gi'] })
      .optional(),
  })
  .meta({ description: 'How a disk stands.' });

export const WukongStatus = z
  .object({
    phase: z
      .enum(['Pending', 'Creating', 'Running', 'Stopped', 'Error'])
      .meta({ description: 'All of it in one word.', examples: ['Running'] }),
    observedGeneration: z
      .int()
      .meta({ format: 'int64', description: 'The metadata.generation that was worked on last.', examples: [3] }),
    vmName: text(253).meta({ description: 'The VirtualMachine of KubeVirt.', examples: ['plant-hmi-vm'] }),
    vmStatus: text(63)
      .meta({ description: 'What KubeVirt says of it, word for word.', examples: ['Running'] })
      .optional(),
    nodeName: text(253)
      .meta({ description: 'Where it runs.', examples: ['plant-7-a'] })
      .optional(),
    restartRequired: z
      .boolean()
      .meta({ description: 'Whether a change waits for the machine to be restarted.', examples: [false] })
      .optional(),
    restoredFromSnapshot: text(253)
      .meta({ description: 'The WukongSnapshot whose data the disks have.', examples: ['before-upgrade'] })
      .optional(),
    networks: byName(NetworkStatus, 32).meta({ description: 'The networks, with their addresses.' }),
    volumes: byName(VolumeStatus, 64).meta({ description: 'The disks, with their claims.' }),
    conditions: conditions(conditionTypes),
  })
  .meta({ description: 'How the machine stands; written by the operator.' });
