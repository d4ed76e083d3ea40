import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { oneDefaultStorageClass } from '../verbs/default-storage-class.ts';
import { gateStep } from '../verbs/host-part.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { longhornRuns } from './longhorn-conditions.ts';
import { disksSchedulable } from './longhorn-disks.ts';
import { longhornObjects } from './longhorn-objects.ts';
import { snapshotDefinitions, snapshotterObjects } from './snapshotter-objects.ts';
import { storageClasses } from './storage-classes.ts';
import { volumeProof } from './volume-proof.ts';

/** Replicated block storage, with snapshots. */
export const longhorn: PhaseFor = (site) => ({
  id: 'longhorn',
  title: 'Longhorn',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.longhorn.enabled
    ? [
        objectsApplied({
          id: 'longhorn/snapshotter',
          title: 'Install the snapshot controller',
          component: 'snapshotter',
          objects: (sight) => snapshotterObjects(site, sight.bundle),
          gate: gate(
            { title: 'the snapshot controller to be available', soft: 2 * minute, hard: 5 * minute },
            crdsEstablished(...snapshotDefinitions),
            deploymentAvailable('kube-system', 'snapshot-controller'),
          ),
        }),
        objectsApplied({
          id: 'longhorn/install',
          title: 'Install Longhorn',
          component: 'longhorn',
          objects: (sight) => longhornObjects(site, sight.bundle),
          gate: gate(
            { title: 'Longhorn to run and to be registered as storage driver', soft: 3 * minute, hard: 15 * minute },
            longhornRuns(site),
          ),
        }),
        gateStep(
          'longhorn/disks',
          'See every disk of Longhorn schedulable',
          gate(
            { title: 'every disk of Longhorn to be schedulable', soft: 4 * minute, hard: 15 * minute },
            ...site.profile.nodes.map(({ name }) => disksSchedulable(name)),
          ),
        ),
        objectsApplied({
          id: 'longhorn/classes',
          title: 'Make the storage classes',
          component: 'longhorn',
          objects: () => storageClasses(site),
          gate: gate(
            { title: 'exactly one default storage class', soft: 1 * minute, hard: 5 * minute },
            oneDefaultStorageClass('longhorn'),
          ),
        }),
        ...(site.profile.verify.storage
          ? [volumeProof(site, 'longhorn/volume', 'Filesystem'), volumeProof(site, 'longhorn/block-volume', 'Block')]
          : []),
      ]
    : [],
});
