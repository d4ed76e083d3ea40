import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { otherDefault } from '../verbs/default-storage-class.ts';
import { blocked } from '../verbs/finding.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { longhornRuns } from './longhorn-conditions.ts';
import { longhornObjects } from './longhorn-objects.ts';

export function longhornInstalled(site: Site): Step {
  const step = objectsApplied({
    id: 'longhorn/install',
    title: 'Install Longhorn',
    component: 'longhorn',
    objects: (sight) => longhornObjects(site, sight.bundle),
    gate: gate(
      { title: 'Longhorn to run and to be registered as storage driver', soft: 3 * minute, hard: 15 * minute },
      longhornRuns(site),
    ),
  });
  return {
    ...step,
    // Longhorn brings the default class, and the cluster of somebody else may have one already.
    async probe(sight) {
      const fault = await otherDefault(sight, 'longhorn');
      return fault === undefined ? step.probe(sight) : blocked(fault);
    },
  };
}
