import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { snapshotDefinitions, snapshotterObjects } from './snapshotter-objects.ts';

/** The half of snapshots that is the distribution's duty, and that k3s does not bring. */
export function snapshotterInstalled(site: Site): Step {
  return objectsApplied({
    id: 'longhorn/snapshotter',
    title: 'Install the snapshot controller',
    component: 'snapshotter',
    objects: (sight) => snapshotterObjects(site, sight.bundle),
    gate: gate(
      { title: 'the snapshot controller to be available', soft: 2 * minute, hard: 5 * minute },
      crdsEstablished(...snapshotDefinitions),
      deploymentAvailable('kube-system', 'snapshot-controller'),
    ),
  });
}
