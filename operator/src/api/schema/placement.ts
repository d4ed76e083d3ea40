import * as z from 'zod';
import type { Json } from '#kube/json';
import { listOf, text } from './terms.ts';

/** Parts of core/v1 that are handed to the machine as they are; their meaning is Kubernetes' own. */
const label = text(317);
const requirement = z.object({
  key: label,
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: listOf(text(63), 64).optional(),
});
const nodeRequirement = requirement.extend({
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
});
const labels = z.record(label, text(63)).meta({ maxProperties: 64 });
const labelSelector = z.object({
  matchLabels: labels.optional(),
  matchExpressions: listOf(requirement, 16).optional(),
});
const nodeTerm = z.object({
  matchExpressions: listOf(nodeRequirement, 16).optional(),
  matchFields: listOf(nodeRequirement, 16).optional(),
});
const weight = z.int().min(1).max(100);
const podTerm = z.object({
  topologyKey: label,
  labelSelector: labelSelector.optional(),
  namespaceSelector: labelSelector.optional(),
  namespaces: listOf(text(63), 64).optional(),
  matchLabelKeys: listOf(label, 16).optional(),
  mismatchLabelKeys: listOf(label, 16).optional(),
});
const podRules = z.object({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(podTerm, 16).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    z.object({ weight, podAffinityTerm: podTerm }),
    16,
  ).optional(),
});

export const affinity: z.ZodType<Json> = z
  .object({
    nodeAffinity: z
      .object({
        requiredDuringSchedulingIgnoredDuringExecution: z
          .object({ nodeSelectorTerms: listOf(nodeTerm, 16) })
          .optional(),
        preferredDuringSchedulingIgnoredDuringExecution: listOf(
          z.object({ weight, preference: nodeTerm }),
          16,
        ).optional(),
      })
      .optional(),
    podAffinity: podRules.optional(),
    podAntiAffinity: podRules.optional(),
  })
  .meta({
    description: 'Which nodes and neighbours are wanted and which avoided, as core/v1 Affinity.',
    examples: [
      {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'plant.example.com/hall', operator: 'In', values: ['2'] }] },
            ],
          },
        },
      },
    ],
  });

export const spreadConstraint: z.ZodType<Json> = z
  .object({
    maxSkew: z.int().min(1),
    topologyKey: label,
    whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: labelSelector.optional(),
    matchLabelKeys: listOf(label, 16).optional(),
    minDomains: z.int().min(1).optional(),
    nodeAffinityPolicy: z.enum(['Honor', 'Ignore']).optional(),
    nodeTaintsPolicy: z.enum(['Honor', 'Ignore']).optional(),
  })
  .meta({ description: 'How machines are spread, as core/v1 TopologySpreadConstraint.' });

export const toleration: z.ZodType<Json> = z
  .object({
    key: label.optional(),
    operator: z.enum(['Exists', 'Equal', 'Lt', 'Gt']).optional(),
    value: text(63).optional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
    tolerationSeconds: z.int().meta({ format: 'int64' }).optional(),
  })
  .meta({ description: 'A taint that the machine puts up with, as core/v1 Toleration.' });

export const nodeSelector = labels.meta({ maxProperties: 64 });
