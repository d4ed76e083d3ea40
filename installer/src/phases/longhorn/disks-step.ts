import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { gateStep } from '../verbs/host-part.ts';
import { disksSchedulable } from './longhorn-disks.ts';

/** Longhorn finds the nodes minutes after its pods are ready: only then is there storage. */
export function disksSeen(site: Site): Step {
  return gateStep(
    'longhorn/disks',
    'See every disk of Longhorn schedulable',
    gate(
      { title: 'every disk of Longhorn to be schedulable', soft: 4 * minute, hard: 15 * minute },
      ...site.profile.nodes.map(({ name }) => disksSchedulable(name)),
    ),
  );
}
