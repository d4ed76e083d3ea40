import * as z from 'zod';
import { conditions } from './condition.ts';
import { listOf, rules, spelled, text } from './terms.ts';

export const WukongSnapshotSpec = z
  .object({
    wukongName: spelled(
      57,
      '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      'wukongName is the name of a Wukong of the same namespace',
    ).meta({ description: 'The Wukong of the same namespace whose disks are kept.', examples: ['plant-hmi'] }),
    deletionPolicy: z
      .enum(['Delete', 'Retain'])
      .meta({
        description: 'Whether the data goes with the WukongSnapshot, or stays with the storage. Default: Delete.',
        examples: ['Retain'],
        default: 'Delete',
      })
      .optional(),
    failureDeadline: text(20)
      .meta({
        description: 'How long it may take before it has failed, such as 90s or 1h30m. Default: 5m.',
        examples: ['10m'],
        default: '5m',
        ...rules({
          rule: "self.matches(r'^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$') && self.matches('[1-9]')",
          message: 'failureDeadline is a time of more than nothing, such as 90s, 5m or 1h30m',
        }),
      })
      .optional(),
  })
  .meta({
    description: 'What is kept. It never changes.',
    ...rules({
      rule: 'self == oldSelf',
      message: 'a WukongSnapshot is one point in time and never changes: make another one',
    }),
  });

const names = listOf(text(253), 64);

export const WukongSnapshotStatus = z
  .object({
    phase: z
      .enum(['Pending', 'Creating', 'Succeeded', 'Failed'])
      .meta({ description: 'All of it in one word.', examples: ['Succeeded'] }),
    observedGeneration: z
      .int()
      .meta({ format: 'int64', description: 'The metadata.generation that was worked on last.', examples: [1] }),
    snapshotName: text(253)
      .meta({ description: 'The VirtualMachineSnapshot of KubeVirt.', examples: ['before-upgrade'] })
      .optional(),
    sourceUID: text(63)
      .meta({ description: 'The machine that it was made of.', examples: ['6f0c1f0e-8f0a-4d0e-9a53-3f0d2c6d8f11'] })
      .optional(),
    creationTime: text(64)
      .meta({
        format: 'date-time',
        description: 'The point in time that was kept.',
        examples: ['2026-01-31T08:00:00Z'],
      })
      .optional(),
    readyToUse: z
      .boolean()
      .meta({ description: 'Whether it can be restored.', examples: [true] })
      .optional(),
    indications: listOf(text(63), 16)
      .meta({
        description:
          'How it was made, as KubeVirt says: Online, GuestAgent, NoGuestAgent (as after a power cut), QuiesceTimeout, Paused.',
        examples: [['Online', 'GuestAgent']],
      })
      .optional(),
    includedVolumes: names.meta({ description: 'The disks that it holds.', examples: [['root', 'data']] }).optional(),
    excludedVolumes: names
      .meta({ description: 'The disks whose storage cannot make snapshots.', examples: [['scratch']] })
      .optional(),
    restoreSize: text(32)
      .meta({ description: 'How much room the data needs.', examples: ['21Gi'] })
      .optional(),
    error: text(32_768)
      .meta({ description: 'Why it failed.', examples: ['the storage class local-path cannot make snapshots'] })
      .optional(),
    conditions: conditions(['Ready', 'Progressing']),
  })
  .meta({ description: 'How it stands; written by the operator.' });
