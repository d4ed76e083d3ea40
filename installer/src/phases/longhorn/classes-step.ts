import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { oneDefaultStorageClass } from '../verbs/default-storage-class.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { machineClass, snapshotClass } from './storage-classes.ts';

export function classesMade(site: Site): Step {
  return objectsApplied({
    id: 'longhorn/classes',
    title: 'Make the storage classes',
    component: 'longhorn',
    objects: () => [machineClass(site), snapshotClass],
    gate: gate(
      { title: 'exactly one default storage class', soft: 1 * minute, hard: 5 * minute },
      oneDefaultStorageClass('longhorn'),
    ),
  });
}
