import * as z from 'zod';
import { HighAvailability, Scheduling } from './availability.ts';
import { CloudInitUser, cloudInit } from './cloud-init.ts';
import { disks } from './disk.ts';
import { networks } from './network.ts';
import { specRules } from './spec-rules.ts';
import { byName, image, name, objectName, quantity, resource, word } from './terms.ts';

const StartStrategy = z
  .object({
    runStrategy: z
      .enum(['Always', 'RerunOnFailure', 'Manual'])
      .meta({ description: 'What KubeVirt keeps true: see power.', examples: ['RerunOnFailure'] })
      .optional(),
    autoStart: z
      .boolean()
      .meta({
        description: 'Whether the machine starts when it is made. false: it waits to be started, and nobody stops it.',
        examples: [false],
      })
      .optional(),
  })
  .meta({ description: 'How the machine starts.' });

const Gpu = z
  .object({
    name: name.meta({ description: 'Id of the device.', examples: ['gpu0'] }),
    deviceName: resource.meta({
      description: 'What KubeVirt is permitted to pass through.',
      examples: ['nvidia.com/TU104GL_Tesla_T4'],
    }),
  })
  .meta({ description: 'A device that is passed through; such a machine cannot be moved live.' });

export const WukongSpec = z
  .object({
    cpu: z
      .int()
      .min(1)
      .max(64)
      .meta({ description: 'vCPUs.', examples: [2] }),
    memory: quantity.meta({
      description: 'Memory of the guest, as a Kubernetes quantity such as 4Gi.',
      examples: ['4Gi'],
    }),
    power: z
      .enum(['On', 'Off', 'Paused'])
      .meta({ description: 'Whether the machine runs. Absent: as startStrategy says, else On.', examples: ['Off'] })
      .optional(),
    disks,
    networks: networks.optional(),
    osImage: image
      .meta({
        description:
          'Short for `image` of the disk that the machine boots from, where that has no image and no source.',
        examples: ['quay.io/containerdisks/debian:13'],
      })
      .optional(),
    cloudInit: cloudInit.optional(),
    cloudInitUser: CloudInitUser.optional(),
    sshKeySecret: objectName
      .meta({
        description: 'A Secret of the same namespace with OpenSSH public keys, which may log in.',
        examples: ['plant-keys'],
      })
      .optional(),
    highAvailability: HighAvailability.optional(),
    startStrategy: StartStrategy.optional(),
    gpus: byName(Gpu, 16).meta({ description: 'Devices that are passed through.' }).optional(),
    cpuModel: word
      .meta({
        description: "host-passthrough, host-model, or the name of a model. Absent: the cluster's default.",
        examples: ['host-passthrough'],
      })
      .optional(),
    dedicatedCpu: z
      .boolean()
      .meta({ description: 'Whole CPUs of the node, for this machine alone.', examples: [true] })
      .optional(),
    hugepages: z
      .enum(['2Mi', '1Gi'])
      .meta({ description: 'Pages that the memory is made of; memory is a multiple of it.', examples: ['1Gi'] })
      .optional(),
    machineType: word
      .meta({
        description: 'The board that the guest sees. Absent: what KubeVirt gave the machine when it was made.',
        examples: ['q35'],
      })
      .optional(),
    firmware: z
      .enum(['bios', 'uefi', 'uefi-secure'])
      .meta({ description: "What the guest is started by. Absent: KubeVirt's own choice.", examples: ['uefi'] })
      .optional(),
    scheduling: Scheduling.optional(),
    evictionStrategy: z
      .enum(['LiveMigrate', 'LiveMigrateIfPossible', 'None', 'External'])
      .meta({
        description: "What becomes of the machine when its node is emptied. Absent: the cluster's default.",
        examples: ['LiveMigrateIfPossible'],
      })
      .optional(),
    terminationGracePeriodSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .meta({
        description: 'How long the guest may take to shut down before it is cut off, in seconds. Default: 180.',
        examples: [180],
        default: 180,
        format: 'int64',
      })
      .optional(),
    restoreFromSnapshot: objectName
      .meta({
        description:
          'The WukongSnapshot of the same namespace whose data the disks are to have. It is restored once, while the power is Off; the configuration stays as it is.',
        examples: ['before-upgrade'],
      })
      .optional(),
  })
  .meta({ description: 'What the machine is to be.', ...specRules });
