import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { longhornRuns } from './longhorn-conditions.ts';
import { longhornObjects } from './longhorn-objects.ts';

export function longhornInstalled(site: Site): Step {
  return objectsApplied({
    id: 'longhorn/install',
    title: 'Install Longhorn',
    component: 'longhorn',
    objects: (sight) => longhornObjects(site, sight.bundle),
    gate: gate(
      { title: 'Longhorn to run and to be registered as storage driver', soft: 3 * minute, hard: 15 * minute },
      longhornRuns(site),
    ),
  });
}
