import * as z from 'zod';
import { affinity, nodeSelector, spreadConstraint, toleration } from './placement.ts';
import { listOf, objectName } from './terms.ts';

export const HighAvailability = z
  .object({
    restartPolicy: z
      .enum(['Always', 'OnFailure', 'Never'])
      .meta({
        description: 'Whether a machine that ended is started again. startStrategy.runStrategy goes before it.',
        examples: ['OnFailure'],
      })
      .optional(),
    antiAffinity: z
      .boolean()
      .meta({
        description:
          'Whether it keeps away from the other machines of the namespace, as far as there are nodes. With the label vm.novasphere.dev/ha-group, strictly from those of its group.',
        examples: [true],
      })
      .optional(),
    nodeSelector: nodeSelector
      .meta({
        description: 'Labels that the node must have.',
        examples: [{ 'node-role.kubernetes.io/worker': 'true' }],
      })
      .optional(),
    tolerations: listOf(toleration, 16)
      .meta({
        description: 'Taints that the machine puts up with.',
        examples: [[{ key: 'plant.example.com/reserved', operator: 'Exists', effect: 'NoSchedule' }]],
      })
      .optional(),
  })
  .meta({ description: 'Where the machine may run, and what becomes of it when it ends.' });

export const Scheduling = z
  .object({
    affinity: affinity.optional(),
    topologySpreadConstraints: listOf(spreadConstraint, 16)
      .meta({
        description: 'How machines are spread over nodes and zones.',
        examples: [[{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' }]],
      })
      .optional(),
    priorityClassName: objectName
      .meta({ description: 'Who goes first when there is no room.', examples: ['production'] })
      .optional(),
    schedulerName: objectName
      .meta({ description: 'Which scheduler places the machine.', examples: ['default-scheduler'] })
      .optional(),
  })
  .meta({ description: 'How the machine is placed, in the words of Kubernetes.' });
