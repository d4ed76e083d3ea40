import type { Phase } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { allOf } from '../removal/kinds.ts';
import { groupsOf, parts } from '../removal/parts.ts';
import { takenOff } from '../removal/taken-off.ts';
import type { ResetWish } from '../wish.ts';
import { instancesOf, phase, rest } from './component-phases.ts';
import { longhornUninstalled } from './longhorn-uninstall.ts';
import { driver } from './volumes.ts';

const uninstallRights = ['longhorn-uninstall-role', 'longhorn-uninstall-bind'];

/** Longhorn takes itself down with a Job of its own; with `keepData` it may not, for that deletes every replica. */
export function longhornOff(site: Site, { keepData }: ResetWish): Phase {
  return phase(
    'reset-longhorn',
    'Take off Longhorn',
    [
      ...(keepData ? [] : [longhornUninstalled(site)]),
      takenOff({
        id: 'reset-longhorn/rest',
        title: keepData ? 'Remove Longhorn, and leave its data' : 'Remove what is left of Longhorn',
        groups: async ({ cluster }) => longhornGroups(cluster),
      }),
      takenOff({
        id: 'reset-longhorn/snapshots',
        title: 'Remove what is left of snapshots',
        groups: async ({ cluster }) => [await instancesOf(cluster, parts.snapshotter.isGroup)],
      }),
      rest('reset-longhorn', 'the snapshot controller', parts.snapshotter),
    ].map(named),
  );
}

/** Two steps of one phase are not called alike. */
function named<One extends { readonly id: string; readonly title: string }>(step: One): One {
  return step.title.endsWith('the snapshot controller') ? { ...step, id: 'reset-longhorn/snapshotter' } : step;
}

/** Nobody may be left who would delete data, or make things anew, before the objects themselves go. */
async function longhornGroups(cluster: ClusterSight): Promise<readonly (readonly KubeObject[])[]> {
  const [doors = [], workers = [], plain = [], definitions = [], namespaces = []] = await groupsOf(
    cluster,
    parts.longhorn,
  );
  const own = { apiVersion: 'apps/v1' };
  const inside = await allOf(cluster, [
    { ...own, kind: 'Deployment' },
    { ...own, kind: 'DaemonSet' },
    { apiVersion: 'batch/v1', kind: 'Job' },
  ]);
  const made = inside.filter((one) => isInside(one) && !workers.some((other) => isSame(one, other)));
  const pods = (await allOf(cluster, [{ apiVersion: 'v1', kind: 'Pod' }])).filter(isInside);
  const instances = await instancesOf(cluster, parts.longhorn.isGroup);
  return [
    doors,
    [...workers, ...made],
    pods,
    instances,
    [...plain, ...(await outside(cluster, plain))],
    definitions,
    namespaces,
  ];
}

/** What Longhorn makes outside of its namespace, and what its uninstallation needed. */
async function outside(cluster: ClusterSight, known: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const storage = { apiVersion: 'storage.k8s.io/v1' };
  const classes: readonly Json[] = await cluster.list({ ...storage, kind: 'StorageClass' });
  const drivers = await cluster.list({ ...storage, kind: 'CSIDriver' });
  const rights = await allOf(
    cluster,
    ['ClusterRole', 'ClusterRoleBinding'].map((kind) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind })),
  );
  return [
    ...classes.filter(({ provisioner }) => provisioner === driver),
    ...drivers.filter(({ metadata }) => metadata.name === driver),
    ...rights.filter(({ metadata }) => uninstallRights.includes(metadata.name)),
  ].filter((one) => !known.some((other) => isSame(one, other)));
}

function isInside({ metadata }: KubeObject): boolean {
  return metadata.namespace === 'longhorn-system';
}

function isSame(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.uid === other.metadata.uid;
}
