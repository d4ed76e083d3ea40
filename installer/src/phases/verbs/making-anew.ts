import { Fault } from '#engine/fault';
import type { Change } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { hasClaims, objectsOfKind } from './dependants.ts';
import { componentLabel } from './labelled.ts';
import { differencesShown } from './object-changes.ts';
import { nameOf } from './object-name.ts';
import { statedDifferences } from './stated-differences.ts';

const ofPods = 'its pods restart';

/** What happens to what hangs on an object that is deleted and made again, by kind. What is not here is never made anew. */
const harmless: Readonly<Record<string, string>> = {
  StorageClass: 'volumes that are there keep what they were made with',
  VolumeSnapshotClass: 'snapshots that are there stay',
  PriorityClass: 'pods that run keep their priority',
  CSIDriver: 'volumes that are mounted stay so',
  RoleBinding: 'who it is for lacks these rights for a moment',
  ClusterRoleBinding: 'who it is for lacks these rights for a moment',
  Service: 'its address changes, its name stays',
  ConfigMap: 'pods read it at their next start',
  Secret: 'pods read it at their next start',
  Job: 'it runs once more',
  Deployment: ofPods,
  DaemonSet: ofPods,
  ReplicaSet: ofPods,
  StatefulSet: ofPods,
};

/** Why others are not: what would be lost. */
const harmful: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: 'the data of its volume would be lost',
  PersistentVolume: 'the way to its data would be lost',
  Namespace: 'everything in it would go with it',
  StatefulSet: 'nobody would own the volumes of its pods any more',
};

/**
 * The changes that delete an object and make it again because its fixed fields have to change, with what that does to
 * others. Throws the refusal where something would be lost, and where the object is not ours.
 */
export async function madeAnew(
  live: KubeObject,
  wanted: KubeObject,
  refusal: Fault,
  sight: Pick<Sight, 'cluster'>,
): Promise<readonly Change[]> {
  const lost = await lossOf(live, wanted, sight);
  if (lost !== undefined) throw notAnew(live, wanted, refusal, lost);
  const says = live.kind === 'CustomResourceDefinition' ? 'there is no object of its kind yet' : harmless[live.kind];
  const what = `make anew ${nameOf(wanted)}`;
  const restarts = says === ofPods ? { restarts: `the pods of ${nameOf(wanted)}` } : {};
  return [{ what, to: says ?? '', ...restarts }, ...differencesShown(what, statedDifferences(live, wanted), live.kind)];
}

/** What making an object anew would cost; undefined when nothing. */
async function lossOf(
  live: KubeObject,
  wanted: KubeObject,
  sight: Pick<Sight, 'cluster'>,
): Promise<string | undefined> {
  const component = live.metadata.labels?.[componentLabel];
  if (component === undefined || component !== wanted.metadata.labels?.[componentLabel])
    return 'it was not made by Novasphere';
  if (live.kind === 'CustomResourceDefinition') {
    const objects = await objectsOfKind(live, sight);
    return objects === undefined ? undefined : `it would take with it ${objects}`;
  }
  if (live.kind in harmless && !hasClaims(live)) return undefined;
  return harmful[live.kind] ?? 'what hangs on it is not known';
}

function notAnew(live: KubeObject, wanted: KubeObject, refusal: Fault, lost: string): Fault {
  const changes = differencesShown('', statedDifferences(live, wanted), live.kind);
  const { name, namespace } = live.metadata;
  const named = `${live.kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;
  return new Fault({
    code: refusal.code,
    message: `${refusal.message}, and it cannot be made anew: ${lost}`,
    cause: refusal.cause,
    where: refusal.where,
    evidence: changes.map(({ what, from = 'nothing', to = 'nothing' }) => `${what.trim()} is ${from}; wanted is ${to}`),
    remedy: [
      'put the old value back into the profile',
      `kubectl get ${named} -o yaml          what it is now`,
      `save what it holds, then kubectl delete ${named}, and run the same command again`,
    ],
  });
}
